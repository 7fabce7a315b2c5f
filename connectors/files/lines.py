"""The physical lines of a text file: decoded line by line, since real files mix encodings, and never more than a cap in memory.

A line is UTF-8 where its bytes are valid UTF-8, else cp1252 (what Windows programs write); the whole file is UTF-16 where a
byte order mark or its zero bytes say so.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST_LINE = 1024 * 1024
KEPT = 256 * 1024


class Line(NamedTuple):
    """One physical line with its number (from 1), its bytes (256 kB at most) and, when it cannot be read, the reason."""

    number: int
    raw: bytes
    text: str
    fault: str = ""


def encoding_of(head: bytes) -> str:
    """The encoding that a file's first bytes show: utf-16, utf-16-le, utf-16-be, utf-8, or cp1252; ASCII counts as utf-8.

    >>> encoding_of("één".encode("cp1252")), encoding_of("één".encode("utf-16"))
    ('cp1252', 'utf-16')
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for parity, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = head[parity::2].count(0)
        if len(head) >= 4 and zeros > 0.4 * (len(head) // 2) and not head[1 - parity :: 2].count(0):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_lines(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    """The lines of a stream, line ends included; a byte order mark is taken away. One too long is cut, with its reason."""
    if encoding.startswith("utf-16"):
        yield from _utf16_lines(stream, encoding)
        return
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > LONGEST_LINE:
            yield Line(number, raw[:KEPT], "", _too_long(len(raw) + _skip(stream)))
        else:
            yield _decoded(number, raw)


def _decoded(number: int, raw: bytes) -> Line:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    fault = ""
    if "\0" in text:
        fault = "the line holds a zero byte (NUL): the file may be damaged or not a text file"
    elif "�" in text and b"\xef\xbf\xbd" not in raw:
        fault = "the line holds bytes that are neither UTF-8 nor Windows-1252"
    return Line(number, raw[:KEPT], text, fault)


def _skip(stream: BinaryIO) -> int:
    skipped = 0
    while part := stream.readline(LONGEST_LINE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _too_long(size: int) -> str:
    return f"the line is {size} bytes long, expected at most {LONGEST_LINE}"


def _utf16_lines(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    reader = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    number = 0
    while text := reader.readline(LONGEST_LINE + 1):
        number += 1
        raw = text[:KEPT].encode("utf-8", "replace")
        if len(text) > LONGEST_LINE:
            yield Line(number, raw, "", _too_long(len(text) + _skip_text(reader)))
            continue
        fault = "the line holds a zero byte (NUL)" if "\0" in text else ""
        yield Line(number, raw, text, fault or ("the line holds broken UTF-16" if "�" in text else ""))


def _skip_text(reader: io.TextIOWrapper) -> int:
    skipped = 0
    while part := reader.readline(LONGEST_LINE):
        skipped += len(part)
        if part.endswith("\n"):
            break
    return skipped
