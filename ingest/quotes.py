"""Quotes for the wall: a representative dozen an hour in each language, masked strictly, with the base rate beside them.

A wall shows three in each quarter of an hour, so that nothing hangs there twice within one. Of the dozen as many are negative as
of all contacts are: what customers say may be neither prettier nor uglier than it is.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from config.journey import LANGUAGES, Journey
from store.people.corrections import LONGEST_QUOTE, SHORTEST_QUOTE
from store.people.journeys import current_journey, journeys
from store.quotes import keep_quotes
from store.reads.quotes import Candidate, approved, base_rate, candidates, judged_since, kept_quotes, still_said
from text.masking import strict_mask
from text.rules import RuleSet
from text.strict import BLOT

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
DOZEN = 12
SENTENCE = re.compile(r"(?<=[.!?])\s+")
BLOTS, ENOUGH = 1, 60
LEAST_WORDS = 4
COURTESY = re.compile(
    r"\b(?:groet(?:en|jes)?|alvast (?:hartelijk )?(?:dank|bedankt)|(?:kind|best|warm) (?:regards|wishes)|thanks in advance)\b",
    re.I,
)
NO_LETTERS = ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Mn")
RECENT, LONGER, APPROVED_DAYS = 2 * DAY_MS, 7 * DAY_MS, 90 * DAY_MS


def refresh_quotes(engine: Any, now_ms: int, policy: str) -> bool:
    """Choose new quotes when the hour of the present ones is over, and take away those that no longer stand; True if changed.

    `policy` is off, approved or strict. The runner calls this every few minutes; `now_ms` is UTC epoch milliseconds.
    """
    chosen_at, data = kept_quotes(engine)
    if policy == "off":
        return (
            _replace(engine, now_ms, {"policy": policy, "quotes": []}, now_ms)
            if data.get("quotes") or data.get("approved")
            else False
        )
    stands = data.get("policy") == policy and now_ms - chosen_at < HOUR_MS and data.get("quotes")
    if stands and not (policy == "approved" and judged_since(engine, chosen_at)):
        return _drop_fallen(engine, chosen_at, data, now_ms)
    journey = next(iter(journeys(engine)), "")
    if not journey:
        return False
    base = base_rate(engine, journey, now_ms - LONGER)
    found: dict[str, Any] = {"policy": policy, "base": base, "quotes": _chosen(engine, journey, policy, base, data, now_ms)}
    if policy == "strict":  # for screens that show only what a person approved
        found["approved"] = _chosen(engine, journey, "approved", base, {"quotes": data.get("approved", [])}, now_ms)
    return _replace(engine, now_ms, found, now_ms)


def _chosen(engine: Any, journey: str, policy: str, base: dict[str, Any], before: dict[str, Any], now_ms: int) -> list[Any]:
    shown = {quote["text"] for quote in before.get("quotes", [])}
    offered = _offered(engine, journey, policy, now_ms, shown)
    chosen = []
    for language in LANGUAGES:
        own = [one for one in offered if one[0].language == language]
        chosen += choose(whole(own), _share(own, base["low_share"], policy), seed=now_ms // HOUR_MS)
    return chosen


def choose(
    offered: Sequence[tuple[Candidate, str]], negative_share: float, seed: int, count: int = DOZEN
) -> list[dict[str, Any]]:
    """At most `count` of the offered (contact, text), negative ones in proportion to the base rate, stages and channels mixed.

    One per customer, no text twice; of the negative ones what is told goes before what is asked (of the others it may not: the
    rest would be praise). The choice depends on nothing but what is offered and `seed`.
    """
    chance = random.Random(seed)
    kinds: dict[bool, list[tuple[Candidate, str]]] = {True: [], False: []}
    for one in chance.sample(list(offered), len(offered)):
        kinds[one[0].negative].append(one)
    wanted = min(count, len(offered))
    told_first = sorted(kinds[True], key=lambda one: one[1].endswith("?"))
    negative = _spread(told_first, round(wanted * negative_share))
    other = _spread(kinds[False], wanted - len(negative))
    return [_quote(candidate, text) for candidate, text in chance.sample(negative + other, len(negative) + len(other))]


def presentable(text: str, language: str, rules: RuleSet) -> str | None:
    """One sentence of the text as a wall may show it: strictly masked, without pictures, short, hardly blotted; None without one.

    It must speak of a stage or a theme (`rules`) in four words or more and be no mere courtesy ("Met vriendelijke groet"), or it
    says nothing; nor may it begin or end in the middle. Of several the least blotted, then what is told rather than asked, then
    what speaks of most subjects, then the longest.
    """
    plain = "".join(letter for letter in text if unicodedata.category(letter) not in NO_LETTERS)
    masked = strict_mask(" ".join(plain.split()), language) or ""
    fitting = [one for one in SENTENCE.split(masked) if SHORTEST_QUOTE <= len(one) <= LONGEST_QUOTE and one.count(BLOT) <= BLOTS]
    telling = [one for one in fitting if len(one.split()) >= LEAST_WORDS and not COURTESY.search(one) and rules.hits(one)]
    said = [one for one in telling if not one.startswith(BLOT) and not one.endswith((BLOT, "..."))]
    return min(said, key=lambda one: (one.count(BLOT), one.endswith("?"), -len(rules.hits(one)), -len(one)), default=None)


def whole(offered: Sequence[tuple[Candidate, str]]) -> Sequence[tuple[Candidate, str]]:
    """Those without a blot where there are enough of them, negative and other apart, to fill a dozen twice; else all.

    Which words are blotted has nothing to do with how a customer felt, so the choice stays as negative as it was.
    """
    clean = [one for one in offered if BLOT not in one[1]]
    enough = all(sum(one.negative is kind for one, _ in clean) >= 2 * DOZEN for kind in (True, False))
    return clean if enough else offered


def rules_of(journey: Journey) -> dict[str, RuleSet]:
    """Per language the rules of the journey's stages and themes: what makes a sentence say something."""
    subjects = (*journey.stages, *journey.themes)
    return {code: RuleSet({one.id: one.rules.get(code, []) for one in subjects}, journey.id) for code in LANGUAGES}


def _offered(engine: Any, id: str, policy: str, now_ms: int, shown: set[str]) -> list[tuple[Candidate, str]]:
    if policy == "approved":
        return _approved(engine, id, now_ms, shown)
    rules = rules_of(current_journey(engine, id))
    offered: list[tuple[Candidate, str]] = []
    for span in (RECENT, LONGER):
        said = [one for one in candidates(engine, id, now_ms - span) if one.language in rules]
        masked = [(one, presentable(one.text, one.language, rules[one.language])) for one in said]
        offered = [(one, text) for one, text in masked if text and text not in shown]
        if len(offered) >= ENOUGH:
            break
    return offered


def _share(own: Sequence[tuple[Candidate, str]], low_share: float, policy: str) -> float:
    """The share of negative quotes: that of all contacts; of a few that people approved all may hang, as they are."""
    if policy == "approved" and 0 < len(own) <= DOZEN:
        return sum(one.negative for one, _ in own) / len(own)
    return low_share


def _approved(engine: Any, id: str, now_ms: int, shown: set[str]) -> list[tuple[Candidate, str]]:
    """What people approved, as the strict mask leaves it: never more than the approved words, and at most one of them blotted.

    What hung there before only when there is nothing else, so that a single quote does not come and go.
    """
    said = [(one, strict_mask(one.text, one.language)) for one in approved(engine, id, now_ms - APPROVED_DAYS)]
    fit = [(one, text) for one, text in said if text and text.count(BLOT) <= BLOTS]
    return [(one, text) for one, text in fit if text not in shown] or fit


def _spread(offered: Sequence[tuple[Candidate, str]], count: int) -> list[tuple[Candidate, str]]:
    """The first `count` in turns over the stages, one per customer, no text twice."""
    per_stage: dict[str, list[tuple[Candidate, str]]] = {}
    seen: set[str] = set()
    for candidate, text in offered:
        marks = {text, candidate.author or f"contact {candidate.id}"}
        if not marks & seen:
            seen |= marks
            per_stage.setdefault(candidate.stage, []).append((candidate, text))
    chosen: list[tuple[Candidate, str]] = []
    while len(chosen) < count and any(per_stage.values()):
        chosen += [queue.pop(0) for queue in per_stage.values() if queue]
    return chosen[:count]


def _quote(candidate: Candidate, text: str) -> dict[str, Any]:
    where = {"channel": candidate.channel, "stage": candidate.stage, "language": candidate.language}
    return {"id": candidate.id, "text": text, **where}


def _drop_fallen(engine: Any, chosen_at: int, data: dict[str, Any], now_ms: int) -> bool:
    lists = {name: data[name] for name in ("quotes", "approved") if name in data}
    standing = still_said(engine, [quote["id"] for listed in lists.values() for quote in listed])
    left = {
        name: [quote if quote["id"] in standing else {**quote, "text": ""} for quote in listed] for name, listed in lists.items()
    }
    return _replace(engine, chosen_at, {**data, **left}, now_ms) if left != lists else False


def _replace(engine: Any, chosen_at: int, data: dict[str, Any], now_ms: int) -> bool:
    keep_quotes(engine, chosen_at, data, now_ms)
    return True
