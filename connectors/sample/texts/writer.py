"""Writing: an opening, a sentence and a closing in the tone and register of the message, with its slots filled in."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from connectors.sample.texts import private

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")
TONES = ("negative", "neutral", "positive")
REGISTER = {"social": "public", "review": "public", "chat": "chat", "email": "mail"}
EARLY = ("orient", "book")
DETAILED = 5  # of eight messages
_SLOT = re.compile(r"\{(\w+)\}")
_ENDS = (".", "!", "?", "\n")
_EACH = 0x9E3779B97F4A7C15


class Message(NamedTuple):
    """What a text must be: language, topic, tone (0 negative, 1 neutral, 2 positive), channel; `seed` decides the words."""

    language: str
    topic: str
    tone: int
    channel: str
    seed: int
    private: bool = False
    typo: bool = False
    edited: bool = False


_Body = tuple[str, tuple[str, ...]]


class _Book(NamedTuple):
    bodies: dict[tuple[str, int], list[_Body]]
    details: dict[bool, list[_Body]]
    early: dict[str, bool]
    opens: dict[tuple[str, int], list[str]]
    closes: dict[tuple[str, int], list[str]]
    slots: dict[str, list[str]]
    edits: list[str]
    private: list[str]


@lru_cache(maxsize=1)
def topics() -> tuple[str, ...]:
    """The topics that there are sentences for, in the order of the files."""
    return tuple(_raw("nl")["topic"])


def write(message: Message) -> str:
    """The text of a message; the same message gives the same text.

    >>> write(Message("nl", "crew", 2, "survey", 5)) == write(Message("nl", "crew", 2, "survey", 5))
    True
    """
    book, seed, register = _book(message.language), message.seed, REGISTER.get(message.channel, "note")
    bodies = book.bodies[message.topic, message.tone]
    known: dict[str, str] = {}
    sentence = _filled(book, bodies[seed % len(bodies)], known, seed)
    seed = _next(seed)
    opens, closes = book.opens[register, message.tone], book.closes[register, message.tone]
    opening, closing = opens[seed % len(opens)], closes[(seed >> 20) % len(closes)]
    if seed >> 8 & 7 < DETAILED:
        sentence = _detailed(message, book, sentence, known, seed)
    if message.private or message.typo or message.edited:
        sentence = _marred(message, book, sentence, seed)
    if register == "chat" and seed & 64:
        sentence = sentence.rstrip("?")
    elif opening[-2:-1] in _ENDS or (not opening and register != "chat"):
        sentence = sentence[:1].upper() + sentence[1:]
    return f"{opening}{_stopped(sentence, closing, register)}{closing}"


def _stopped(sentence: str, after: str, register: str) -> str:
    """The mark that a writer would set: a full stop in mail and before another sentence, a comma before a remark."""
    if sentence[-1] in ".!?)":
        return sentence
    if register == "mail" or after[1:2].isupper():
        return f"{sentence}."
    return f"{sentence}," if after[1:2].islower() else sentence


def _filled(book: _Book, body: _Body, known: dict[str, str], seed: int) -> str:
    """The text of a body; what is `known` of the message already (its city, its flight) stays the same."""
    text, slots = body
    for slot in slots:
        if slot not in known:
            seed = _next(seed)
            choices = book.slots[slot]
            known[slot] = choices[seed % len(choices)]
    return text.format(**known) if slots else text


def _detailed(message: Message, book: _Book, sentence: str, known: dict[str, str], seed: int) -> str:
    """A sentence more, with where and when: what makes two customers with the same trouble write different words."""
    details = book.details[book.early[message.topic]]
    detail = _filled(book, details[(seed >> 12) % len(details)], known, _next(seed))
    return f"{_stopped(sentence, detail, 'mail')} {detail}"


def _marred(message: Message, book: _Book, sentence: str, seed: int) -> str:
    if message.typo:
        sentence = _mistyped(sentence, seed)
    if message.private:
        pattern = book.private[seed % len(book.private)]
        sentence = f"{_stopped(sentence, ' A', 'mail')} {private.filled(pattern, seed)}"
    if message.edited:
        edit = book.edits[seed % len(book.edits)]
        sentence = f"{_stopped(sentence, edit, 'public')}{edit}"
    return sentence


def _mistyped(sentence: str, seed: int) -> str:
    """Two neighbouring letters changed places, inside a word.

    >>> _mistyped("wachten", 2)
    'wacthen'
    """
    at = 1 + seed % max(1, len(sentence) - 3)
    pair = sentence[at : at + 2]
    return sentence[:at] + pair[::-1] + sentence[at + 2 :] if pair.isalpha() else sentence


def _next(seed: int) -> int:
    return (seed * 6364136223846793005 + _EACH) >> 3 & 0x3FFFFFFFFFFFFFFF


@lru_cache(maxsize=2)
def _raw(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf8"))


@lru_cache(maxsize=2)
def _book(language: str) -> _Book:
    raw = _raw(language)
    bodies = {(topic, tone): _bodies(entry[name]) for topic, entry in raw["topic"].items() for tone, name in enumerate(TONES)}
    return _Book(
        bodies=bodies,
        details={True: _bodies(raw["detail"]["before"]), False: _bodies(raw["detail"]["after"])},
        early={topic: entry["stage"] in EARLY for topic, entry in raw["topic"].items()},
        opens=_by_tone(raw["open"]),
        closes=_by_tone(raw["close"]),
        slots=raw["slot"],
        edits=raw["edit"]["sentence"],
        private=raw["private"]["sentence"],
    )


def _bodies(texts: list[str]) -> list[_Body]:
    return [(text, tuple(dict.fromkeys(_SLOT.findall(text)))) for text in texts]


def _by_tone(raw: dict[str, dict[str, list[str]]]) -> dict[tuple[str, int], list[str]]:
    return {
        (register, tone): entry.get(name) or entry["any"] for register, entry in raw.items() for tone, name in enumerate(TONES)
    }
