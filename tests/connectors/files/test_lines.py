import io

import pytest

from connectors.files.lines import LONGEST_LINE, encoding_of, read_lines

SENTENCE = "Eén café, naïef — ‘goed’ €5\n"


def lines(raw: bytes, encoding=None):
    return list(read_lines(io.BytesIO(raw), encoding or encoding_of(raw)))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_reads_every_encoding_that_exports_come_in(encoding, named):
    raw = ("kop\n" * 5 + SENTENCE).encode(encoding)
    assert encoding_of(raw) == named
    assert [line.text for line in lines(raw)] == ["kop\n"] * 5 + [SENTENCE]
    assert not any(line.fault for line in lines(raw))


def test_lines_of_two_encodings_in_one_file():
    raw = SENTENCE.encode("utf-8") + SENTENCE.encode("cp1252")
    assert [line.text for line in lines(raw)] == [SENTENCE, SENTENCE]


def test_bytes_of_no_encoding_are_a_reason():
    (bad, good) = lines(b"x\x81y\n" + b"fine\n", "cp1252")
    assert "neither UTF-8 nor Windows-1252" in bad.fault and bad.raw == b"x\x81y\n" and not good.fault


def test_a_replacement_character_that_was_written_is_no_fault():
    assert not lines("was: �\n".encode())[0].fault


def test_a_zero_byte_is_a_reason():
    bad, good = lines(b"a\0b\nc\n", "utf-8")
    assert "NUL" in bad.fault and good.text == "c\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_line_too_long_is_refused_with_its_size_and_the_next_one_read(encoding):
    raw = ("a" * (10 * LONGEST_LINE) + "\nnext\n").encode(encoding)
    long, following = lines(raw, encoding)
    assert f"{10 * LONGEST_LINE + 1}" in long.fault and len(long.raw) <= 256 * 1024
    assert following.text == "next\n" and following.number == 2


def test_the_cut_end_of_a_sample_does_not_hide_utf8():
    assert encoding_of("é".encode() * 100 + b"\xc3") == "utf-8"
