"""From copy to promise: the claims in marketing text that customers can hold a company to, found by rules in two languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("languages")
KINDS = ("time", "hours", "free", "price", "soft")
SENTENCE = re.compile(r"[^.!?\n;]+(?:[.](?=\d)[^.!?\n;]*)*[.!?]?")
CLAUSE_END = re.compile(r"[.!?;\n]|,(?=\s)|:\s")
DUTCH = re.compile(r"\b(?:de|het|een|en|je|wij|van|voor|bij|niet|ons|uur|gratis|binnen|met|op|in|is|u|uw)\b")
ENGLISH = re.compile(r"\b(?:the|and|you|we|of|for|with|not|our|your|free|within|is|are|to|in)\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim in a text: characters `start` to `end`, its kind (time, hours, free, price, soft), and what it promises.

    `seconds` for time, `hours` a week for reachability (0: not said), `mark` for soft ones; `share` 0-1 when said. `metric`,
    `stage` and `channel` are the most likely measure and place, '' when the words do not tell.
    """

    kind: str
    start: int
    end: int
    text: str
    sentence: str
    seconds: float | None = None
    share: float | None = None
    hours: float | None = None
    mark: float | None = None
    metric: str = ""
    stage: str = ""
    channel: str = ""


def find_claims(text: str, language: str = "") -> list[Claim]:
    """The claims of a text in order, never overlapping; `language` nl or en, else told per text from its small words.

    >>> [(c.kind, c.seconds) for c in find_claims("Binnen 24 uur antwoord op je e-mail. Gratis retourneren!")]
    [('time', 86400.0), ('free', None)]
    """
    rules, before = _rules(language or language_of(text)), ""
    found: list[Claim] = []
    for start, sentence in _sentences(text):
        found += _of_sentence(sentence, start, rules, before)
        before = sentence if sentence.rstrip().endswith("?") else ""
    return sorted(found, key=lambda claim: claim.start)


def language_of(text: str) -> str:
    """nl or en, whichever has more small words; Dutch when they tie."""
    low = text.lower()
    return "en" if len(ENGLISH.findall(low)) > len(DUTCH.findall(low)) else "nl"


@dataclass(frozen=True)
class _Rules:
    raw: dict[str, Any]
    number: str
    unit: str
    limits: tuple[re.Pattern, ...]

    def count(self, words: str | None) -> float:
        """The number that a match names; nothing is one."""
        said = (words or "1").strip().replace(",", ".")
        return float(self.raw["numbers"].get(said, said if re.fullmatch(r"\d+(?:\.\d+)?", said) else 1))

    def seconds(self, unit: str) -> float:
        """The length of a unit."""
        return next(float(size) for words, size in self.raw["units"].items() if re.fullmatch(words, unit))


@lru_cache(maxsize=2)
def _rules(language: str) -> _Rules:
    raw = tomllib.loads((FOLDER / f"claims_{language}.toml").read_text(encoding="utf8"))
    number = r"\d+(?:[.,]\d+)?|" + "|".join(sorted(map(re.escape, raw["numbers"]), key=len, reverse=True))
    unit = "|".join(raw["units"])
    limits = tuple(re.compile(p.replace("{n}", number).replace("{unit}", unit)) for p in raw["time"]["limits"])
    return _Rules(raw, number, unit, limits)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in SENTENCE.finditer(text):
        yield match.start(), match.group()


def _of_sentence(sentence: str, offset: int, rules: _Rules, before: str) -> list[Claim]:
    """The claims of a sentence; a question before it ("Rather write?") tells what its time limit is about."""
    low = sentence.lower()
    found: list[Claim] = []
    for claim in (*_times(low, rules), *_named(low, rules), *_plain(low, rules)):
        if all(claim.end <= other.start or claim.start >= other.end for other in found):
            found.append(claim)
    whole = sentence.strip()
    context = before.lower() + " " + low
    claims = _to_clause_ends(_merged(found), low)
    return [_placed(replace(claim, sentence=whole), context, sentence, offset, rules) for claim in claims]


def _to_clause_ends(claims: list[Claim], low: str) -> list[Claim]:
    """Each claim runs on to the end of its clause, or to the next claim."""
    if not claims:
        return []
    ordered = sorted(claims, key=lambda claim: claim.start)
    nexts = [claim.start for claim in ordered[1:]] + [len(low)]
    return [replace(c, end=max(c.end, min(_clause_end(low, c.end), after))) for c, after in zip(ordered, nexts, strict=True)]


def _merged(found: list[Claim]) -> list[Claim]:
    """One claim per kind and limit in a sentence: "day and night, 24/7" is said twice but promised once."""
    out: dict[tuple, Claim] = {}
    for claim in found:
        same = (claim.kind, claim.seconds)
        kept = out.get(same, claim)
        out[same] = replace(kept, start=min(kept.start, claim.start), end=max(kept.end, claim.end))
    return list(out.values())


def _times(low: str, rules: _Rules) -> Iterator[Claim]:
    for limit in rules.limits:
        for match in limit.finditer(low):
            if _is_condition(low, match, rules):
                continue
            seconds = rules.count(match["n"]) * rules.seconds(match["unit"])
            yield Claim("time", match.start(), match.end(), "", "", seconds=seconds, share=_share(low, rules))


def _named(low: str, rules: _Rules) -> Iterator[Claim]:
    for entry in rules.raw["time"]["named"]:
        for match in re.finditer(entry["pattern"], low):
            topic = rules.raw["topics"].get(entry.get("topic", ""), {})
            yield Claim("time", match.start(), match.end(), "", "", seconds=float(entry["seconds"]), **_of_topic(topic))


def _plain(low: str, rules: _Rules) -> Iterator[Claim]:
    for kind in ("hours", "free", "price", "soft"):
        for entry in rules.raw[kind]["patterns"]:
            rule = entry if isinstance(entry, dict) else {"pattern": entry}
            for match in re.finditer(rule["pattern"], low):
                yield Claim(kind, match.start(), match.end(), "", "", hours=rule.get("hours"), mark=rule.get("mark"))


def _is_condition(low: str, match: re.Match, rules: _Rules) -> bool:
    """Whether the time is what the customer must keep to, or a fact: "up to 24 hours before departure"."""
    after, before = low[match.end() :], low[: match.start()]
    time = rules.raw["time"]
    return any(re.search(p, after) for p in time["not_after"]) or any(re.search(p, before) for p in time["not_before"])


def _clause_end(low: str, at: int) -> int:
    found = CLAUSE_END.search(low, at)
    return found.start() if found else len(low)


def _share(low: str, rules: _Rules) -> float | None:
    for pattern in rules.raw["share"]["patterns"]:
        match = re.search(pattern.replace("{n}", rules.number), low)
        if match is None:
            continue
        groups = match.groupdict()
        share = rules.count(groups["p"]) / 100 if groups.get("p") else rules.count(groups["a"]) / rules.count(groups["b"])
        return share if 0 < share < 1 else None
    return None


def _placed(claim: Claim, low: str, sentence: str, offset: int, rules: _Rules) -> Claim:
    """The claim with its words, its place in the whole text, and the measure and stage that its sentence points at."""
    text = sentence[claim.start : claim.end].strip()
    moved = replace(claim, start=offset + claim.start, end=offset + claim.start + len(text), text=text)
    if moved.metric:
        return moved
    named = [topic for topic in rules.raw["topics"].values() if any(word in low for word in topic["words"])]
    if not named:
        return moved
    top = max(named, key=lambda topic: sum(word in low for word in topic["words"]))
    # What is promised by mail is held against mail, however often "answer" is said; and a channel is open or shut, not an answer.
    channels = (one for one in named if one.get("channel") and (claim.kind == "hours" or one["metric"] == top["metric"]))
    told = _of_topic(next(channels, top))
    return replace(moved, **(told if claim.kind == "time" else {"stage": told["stage"], "channel": told["channel"]}))


def _of_topic(topic: dict[str, Any]) -> dict[str, Any]:
    return {name: topic.get(name, "") for name in ("metric", "stage", "channel")}
