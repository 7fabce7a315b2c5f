"""Rules of words and phrases: which of many keys (stages, themes) a text speaks of.

A rule is a regular expression that must begin at the start of a word, in lower case. The longest piece of plain letters
in it is looked for first, which is why two hundred rules cost some ten microseconds a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from config.errors import ConfigError

_NOT_PLAIN = re.compile(r"\\[wdsbWDSB]|\[[^\]]*\]|[^\W\d_\s]?[?*]|\{[^}]*\}|[.+^$|\\]")
_PLAIN = re.compile(r"[^\W_]+(?:[ '’-][^\W_]+)*")


class RuleSet:
    """Rules per key, compiled once; order of keys is kept."""

    def __init__(self, rules: Mapping[str, Iterable[str]], where: str = "rules") -> None:
        self._rules = [(key, literal(rule), _compile(rule, where)) for key, some in rules.items() for rule in some]

    def hits(self, text: str) -> dict[str, int]:
        """For each key with at least one rule in `text`, how many of its rules are."""
        low = text.lower()
        found: dict[str, int] = {}
        for key, plain, pattern in self._rules:
            if plain in low and pattern.search(low):
                found[key] = found.get(key, 0) + 1
        return found


def _compile(rule: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"(?<!\w)(?:{rule})")
    except re.error as error:
        raise ConfigError(where, rule, "a regular expression", f"Python says: {error}.") from error


def literal(rule: str) -> str:
    """The longest piece of letters that any text matching `rule` must hold; '' when there is none for sure.

    >>> literal("boek(en|ing)? een vlucht"), literal("a|b"), literal("colou?r")
    (' een vlucht', '', 'colo')
    """
    flat, depth, plain = [], 0, rule.replace(r"\b", "")
    for i, char in enumerate(plain):
        if char == "(" and plain[i - 1 : i] != "\\":
            depth += 1
            flat.append("\0")
        elif char == ")" and depth:
            depth -= 1
            flat.append("\0")
        elif not depth:
            flat.append(char)
    text = "".join(flat)
    if "|" in text:
        return ""
    text = re.sub(r"\0[?*]|\0\{[^}]*\}", "\0", text)
    text = re.sub(r"\\[wdsWDS]|\[[^\]]*\]|.\?|.\*|\{[^}]*\}|[.+^$\\]", "\0", text)
    return max(text.split("\0"), key=len, default="")
