"""Writes a simple regular expression out as the phrases it stands for."""

from __future__ import annotations

import re
from itertools import product

END = "\0"
MOST = 2000
_UNKNOWN = re.compile(r"\\[wdsWDSB]|(?<!\\)[\[\].*+{}^$]|(?<!\\)\(\?(?!:)")  # among them a look ahead or behind


def written_out(rule: str) -> list[str] | None:
    r"""The phrases that `rule` stands for, END marking a word's end (\b); None when they are without number or too many.

    >>> written_out(r"boek(en|t\b)?"), written_out(r"\d+ uur")
    (['boeken', 'boekt\x00', 'boek'], None)
    """
    if _UNKNOWN.search(rule.replace("\\.", "")):
        return None
    phrases, rest = _choices(rule)
    if rest or not phrases or len(phrases) > MOST:
        return None
    phrases = [re.sub(rf"{END}(?=[^\w{END}])", "", phrase) for phrase in dict.fromkeys(phrases)]
    usable = all(phrase.rstrip(END) and END not in phrase.rstrip(END) for phrase in phrases)
    return phrases if usable else None


def _choices(rule: str) -> tuple[list[str], str]:
    """Alternatives up to a closing bracket or the end, and what is left of the rule."""
    found: list[str] = []
    while True:
        some, rule = _sequence(rule)
        found += some
        if not rule.startswith("|") or len(found) > MOST:
            return found, rule
        rule = rule[1:]


def _sequence(rule: str) -> tuple[list[str], str]:
    phrases = [""]
    while rule and rule[0] not in "|)":
        parts, rule = _part(rule)
        if rule.startswith("?"):
            parts, rule = [*parts, ""], rule[1:]
        phrases = [a + b for a, b in product(phrases, parts)]
        if len(phrases) > MOST:
            return phrases, ""
    return phrases, rule


def _part(rule: str) -> tuple[list[str], str]:
    if rule[0] == "(":
        parts, rest = _choices(rule[1:].removeprefix("?:"))
        return parts, rest[1:]
    if rule[0] == "\\":
        return [END if rule[1:2] == "b" else rule[1:2]], rule[2:]
    return [rule[0]], rule[1:]


def must_hold(rule: str) -> str:
    """The longest piece of plain letters outside brackets that any text matching `rule` must hold; '' if none is sure.

    >>> must_hold(r"al (\\d+|twee) weken"), must_hold("a|b")
    (' weken', '')
    """
    flat, depth = [], 0
    for char in re.sub(r"\\[wdsbWDSB]", "\0", rule):
        depth += char == "("
        flat.append("\0" if depth else char)
        depth -= char == ")"
    text = "".join(flat)
    if "|" in text:
        return ""
    text = re.sub(r"\0?[?*]|.[?*]|\[[^\]]*\]|\{[^}]*\}|\\|[.+^$]", "\0", text)
    return max(text.split("\0"), key=len, default="")
