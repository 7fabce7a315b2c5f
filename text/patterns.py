"""Structured identifiers: what has a shape, a checksum or a cue before it (config/languages/words_patterns.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from text.cues import CAPITAL, cued, either, flight_codes, is_company, never_names, phrases_of, places
from text.vocabulary import frequent_words, ordinary_words
from text.words import FOLDER

Candidate = tuple[str, int, int]
COMMON = 4000
VOWELS = frozenset("AEIOU")
ANY_DIGIT = "0"
FLIGHT = re.compile(r"[A-Z][A-Z0-9] ?\d{3,4}")
USUAL = re.compile(r"(?:19|20)\d\d-(?:19|20)\d\d|\d\d[.:]\d\d-\d\d[.:]\d\d\.?")
SIZE = re.compile(r"\d{2,3}[x/]\d{2,3}")
_DIGIT = re.compile(r"\d")
_PART = re.compile(r"<<(\w+)>>")


class Shape(NamedTuple):
    """One kind of identifier: its type, what the text must hold, its pattern, cues before it, and a last check."""

    type: str
    needs: tuple[str, ...]
    digits: bool
    regex: re.Pattern[str]
    cues: frozenset[str]
    reach: int
    check: Callable[[str], bool] | None


@lru_cache(maxsize=1)
def _raw() -> dict:
    return tomllib.loads((FOLDER / "words_patterns.toml").read_text(encoding="utf8"))


def part(name: str) -> str:
    """A named part of the patterns, or a group of street names' ends as alternatives."""
    parts = _raw()["parts"] | {"capital": CAPITAL}
    if name in parts:
        return _PART.sub(lambda match: part(match[1]), parts[name])
    return either(name, "streets")


@lru_cache(maxsize=1)
def shapes() -> list[Shape]:
    """All patterns in order, compiled once per process."""
    return [
        Shape(
            type=row["type"],
            needs=() if needs in ("", ANY_DIGIT) else tuple([needs] if isinstance(needs, str) else needs),
            digits=needs == ANY_DIGIT or row.get("digits", False),
            regex=re.compile(_PART.sub(lambda match: part(match[1]), row["regex"]), 0 if row.get("case") else re.I),
            cues=phrases_of(row["cue"]) if "cue" in row else frozenset(),
            reach=row.get("reach", 0),
            check=CHECKS[row["check"]] if "check" in row else None,
        )
        for row in _raw()["pattern"]
        for needs in [row.get("needs", "")]
    ]


@lru_cache(maxsize=1)
def _shapes_without_digits() -> list[Shape]:
    return [shape for shape in shapes() if not shape.digits]


def candidates(text: str) -> Iterator[Candidate]:
    """(type, start, end) of each stretch that looks like an identifier, the surest kinds first; they may overlap."""
    has_digit, low = _DIGIT.search(text) is not None, text.lower()
    for shape in shapes() if has_digit else _shapes_without_digits():
        for needed in shape.needs:
            if needed in low:
                break
        else:
            if shape.needs:
                continue
        for match in shape.regex.finditer(text):
            start, end = match.span("id") if "id" in shape.regex.groupindex else match.span()
            if shape.check is not None and not shape.check(text[start:end]):
                continue
            if not shape.cues or cued(text, start, shape.cues, shape.reach):
                yield shape.type, start, end


def passes_eleven(number: str) -> bool:
    """Whether nine digits pass the eleven test of the Dutch citizen number (Rijksoverheid).

    >>> passes_eleven("111222333"), passes_eleven("111222334")
    (True, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(number) == 9 and sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def _digits(found: str) -> int:
    return sum(char.isdigit() for char in found)


def _is_phone(found: str) -> bool:
    return 9 <= _digits(found) <= 14


def _is_person(handle: str) -> bool:
    return not is_company(handle)


@lru_cache(maxsize=1)
def _harmless_number() -> re.Pattern[str]:
    """Years, dates, ranges of either, amounts and times."""
    ranges = r"(?:19|20)\d\d|(?:19|20)\d\d[-/](?:19|20)?\d\d|\d{1,3}(?:\.\d{3})+|\d+\.\d\d|[\d.]+-[\d.]+"
    return re.compile(rf"{part('date')}|{ranges}", re.I)


@lru_cache(maxsize=1)
def _plain_date() -> re.Pattern[str]:
    return re.compile(rf"(?:19|20)\d\d|{part('date')}", re.I)


def _is_long_enough(found: str) -> bool:
    if _is_flight(found) or SIZE.fullmatch(found) or USUAL.fullmatch(found):
        return False
    return sum(char.isalnum() for char in found) >= 4 and not _plain_date().fullmatch(found)


def _is_no_size(found: str) -> bool:
    """160x200 is a mattress."""
    return not SIZE.fullmatch(found)


def _is_flight(found: str) -> bool:
    """KL1702, HV 6672: a flight is everybody's."""
    return found[:2] in flight_codes() and FLIGHT.fullmatch(found) is not None


def _is_code(found: str) -> bool:
    """A booking code mixes letters and digits; a flight (KL1702) or a size (256GB) does not count."""
    return not re.fullmatch(r"[A-Z]{2,3}\d{3,4}|\d+[A-Z]{1,3}", found)


def _is_letter_code(found: str) -> bool:
    """Six capitals that are no word: few vowels and not in either vocabulary."""
    rare = all(found.lower() not in frequent_words(code) for code in ("nl", "en"))
    return rare and sum(char in VOWELS for char in found) <= 2


def _is_reference(found: str) -> bool:
    """Somebody's number: six digits, or four behind letters and a mark; no date, time, amount or range of years."""
    count = _digits(found)
    if count < 4 or _is_flight(found) or SIZE.fullmatch(found) or USUAL.fullmatch(found):
        return False
    if count < 8 and _harmless_number().fullmatch(found):
        return False
    if re.match(r"[A-Z]", found):
        return count >= 4 and (count >= 5 or bool(re.search(r"[-/ ]", found))) and not re.match(r"EUR?\b", found)
    return count >= 6 or (count == 5 and bool(re.search(r"[-/A-Z]", found)))


def _is_street(found: str) -> bool:
    """A capitalised word and a number are an address when the word is none of the frequent ones (Gate 11, Spoor 2)."""
    first = found.split()[0].lower()
    ranks = [frequent_words(code).get(first, 99_999) for code in ("nl", "en")]
    usual = first in ordinary_words() or first in never_names() or first in places()
    return (min(ranks) >= COMMON and not usual) or bool(re.search(r"\s.*\s", found))


CHECKS: dict[str, Callable[[str], bool]] = {
    "has_digit": lambda found: _digits(found) > 0,
    "is_code": _is_code,
    "is_letter_code": _is_letter_code,
    "is_long_enough": _is_long_enough,
    "is_no_size": _is_no_size,
    "is_mostly_digits": lambda found: _digits(found) > 2,
    "is_person": _is_person,
    "is_phone": _is_phone,
    "is_reference": _is_reference,
    "is_street": _is_street,
    "passes_eleven": passes_eleven,
    "starts_high": lambda found: found[0].isupper(),
}
