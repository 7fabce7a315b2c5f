"""Masking: what identifies a person is replaced by a typed token before anything else sees the text.

Look-alikes with a wrong checksum are masked too, since a typing error makes a number no less private. The order of
the patterns is the order of trust: the first to claim a stretch of text keeps it.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

from text import names, patterns
from text.strict import strict_text

MASK_VERSION = 2

TOKENS = {
    "nl": {
        "email": "[E-MAIL]",
        "url": "[LINK]",
        "profile": "[PROFIEL]",
        "handle": "[ACCOUNT]",
        "iban": "[IBAN]",
        "card": "[PAS]",
        "phone": "[TELEFOON]",
        "bsn": "[BSN]",
        "birth_date": "[GEBOORTEDATUM]",
        "postcode": "[POSTCODE]",
        "address": "[ADRES]",
        "plate": "[KENTEKEN]",
        "document": "[DOCUMENT]",
        "order": "[NUMMER]",
        "name": "[NAAM]",
    },
    "en": {
        "email": "[EMAIL]",
        "url": "[LINK]",
        "profile": "[PROFILE]",
        "handle": "[ACCOUNT]",
        "iban": "[IBAN]",
        "card": "[CARD]",
        "phone": "[PHONE]",
        "bsn": "[CITIZEN NUMBER]",
        "birth_date": "[BIRTH DATE]",
        "postcode": "[POSTCODE]",
        "address": "[ADDRESS]",
        "plate": "[PLATE]",
        "document": "[DOCUMENT]",
        "order": "[NUMBER]",
        "name": "[NAME]",
    },
}


_TOKEN = re.compile("|".join(re.escape(token) for tokens in TOKENS.values() for token in tokens.values()))


class Found(NamedTuple):
    """One identifier that was masked: its type and where it stood in the original text, never its value."""

    type: str
    start: int
    end: int


class Masked(NamedTuple):
    """The masked text and what was found in the original."""

    text: str
    found: list[Found]


def mask(text: str, language: str = "nl", own_names: tuple[str, ...] = ()) -> Masked:
    """`text` with every identifier found replaced by a token in `language` ('nl', else English).

    Handles and names in `own_names` (the company's own) stay. Masking masked text changes nothing.
    """
    found = find(text, own_names)
    if not found:
        return Masked(text, [])
    tokens = TOKENS["nl" if language == "nl" else "en"]
    parts, last = [], 0
    for item in found:
        parts += text[last : item.start], tokens[item.type]
        last = item.end
    return Masked("".join(parts) + text[last:], found)


def find(text: str, own_names: tuple[str, ...] = ()) -> list[Found]:
    """The identifiers in `text`, in order and without overlap."""
    kept = frozenset(name.lower() for name in own_names)
    taken = [match.span() for match in _TOKEN.finditer(text)] if "[" in text else []
    found: list[Found] = []
    for kind, start, end in chain(patterns.candidates(text), (("name", *span) for span in names.spans(text))):
        if text[start:end].lower() in kept or any(start < last and end > first for first, last in taken):
            continue
        taken.append((start, end))
        found.append(Found(kind, start, end))
    return sorted(found, key=lambda item: item.start)


def strict_mask(text: str, language: str = "nl") -> str | None:
    """`text` for a wall: only words known to be harmless stay; None when too little is left to be worth showing."""
    masked = mask(text, language)
    return strict_text(masked.text, language)
