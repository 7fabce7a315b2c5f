"""Rules of words and phrases: which of many keys (stages, themes, concepts) a text speaks of.

A rule is a regular expression in lower case that must begin at the start of a word. Most rules stand for a handful of
phrases: they are written out once, filed under their first letters, and then cost next to nothing per text. The others
are searched as they are, after a look for the letters they must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from config.errors import ConfigError
from text.phrases import END, must_hold, written_out

_STARTS = re.compile(r"\w+")
KEY_LETTERS = (3, 5, 8)


class RuleSet:
    """Rules per key, compiled once; the order of keys is kept."""

    def __init__(self, rules: Mapping[str, Iterable[str]], where: str = "rules") -> None:
        self._keys: list[str] = []
        self._filed: dict[str, list[tuple[str, int]]] = {}
        self._patterns: list[tuple[str, re.Pattern[str], int]] = []
        for key, some in rules.items():
            for rule in some:
                self._add(key, rule, where)
        self._order = {key: place for place, key in enumerate(rules)}

    def _add(self, key: str, rule: str, where: str) -> None:
        number = len(self._keys)
        self._keys.append(key)
        pattern = _compile(rule, where)
        phrases = written_out(rule)
        if phrases is None:
            self._patterns.append((must_hold(rule), pattern, number))
            return
        for phrase in phrases:
            letters = max((n for n in KEY_LETTERS if n <= len(phrase.rstrip(END))), default=0)
            if phrase[0].isalnum() and letters:
                self._filed.setdefault(phrase[:letters], []).append((phrase, number))
            else:
                self._patterns.append((phrase.rstrip(END), _compile(_escaped(phrase), where), number))

    def hits(self, text: str) -> dict[str, int]:
        """For each key with at least one rule in `text`, how many of its rules are; in the order of the keys."""
        low = text.lower() + " "
        found: set[int] = set()
        filed = self._filed
        for match in _STARTS.finditer(low):
            start = match.start()
            for letters in KEY_LETTERS:
                for phrase, number in filed.get(low[start : start + letters], ()):
                    if _ends(low, phrase, start) if phrase[-1] == END else low.startswith(phrase, start):
                        found.add(number)
        for plain, pattern, number in self._patterns:
            if plain in low and number not in found and pattern.search(low):
                found.add(number)
        counts: dict[str, int] = {}
        for number in sorted(found):
            counts[self._keys[number]] = counts.get(self._keys[number], 0) + 1
        return counts


def _ends(low: str, phrase: str, start: int) -> bool:
    """Whether `phrase` stands at `start` and its word ends there."""
    end = start + len(phrase) - 1
    return low.startswith(phrase[:-1], start) and not (low[end].isalnum() or low[end] == "_")


def _escaped(phrase: str) -> str:
    return re.escape(phrase.rstrip(END)) + (r"\b" if phrase.endswith(END) else "")


def _compile(rule: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"(?<!\w)(?:{rule})")
    except re.error as error:
        raise ConfigError(where, rule, "a regular expression", f"Python says: {error}.") from error
