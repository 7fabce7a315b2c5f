"""Claims on opening hours, held against the hours that the company keeps per channel (docs/decisions/0770)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.claims import Claim, find_claims, language_of
from config.hours import Hours, parse_hours
from config.journey import Journey
from config.said_hours import Said, said_hours
from reports.demand import COMPETITORS

KEPT, BROKEN, UNKNOWN = "kept", "broken", "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """A claim against the hours of `channel` ('' for none): kept, broken, or unknown because no hours are set.

    Of a broken one, `said` is what is not so; `hours` are those that are kept.
    """

    state: str
    channel: str = ""
    hours: Hours | None = None
    said: Said | None = None


def held(claim: Claim, journey: Journey, language: str) -> Held | None:
    """What the journey's hours say of a claim; None for a claim that is not about hours, or says nothing that can be held.

    A claim that names no channel is kept when one channel keeps it; else the channel that comes nearest tells how far off it is.
    """
    said = said_hours(claim.text, claim.sentence, language) if claim.kind == "hours" else []
    if not said:
        return None
    known = {name: parse_hours(text, name) for name, text in journey.hours.items() if name != COMPETITORS}
    names = [name for name in known if claim.channel in ("", name)]
    if not names:
        return Held(UNKNOWN, claim.channel)
    best = max(names, key=lambda name: (not _short(said, known[name]), _met(said, known[name])))
    lacking = _short(said, known[best])
    return Held(BROKEN if lacking else KEPT, best, known[best], lacking[0] if lacking else None)


def held_text(text: str, channel: str, journey: Journey) -> Held | None:
    """The same of a promise in words, which says its channel itself when its text does not; the first claim on hours counts."""
    language = language_of(text)
    for claim in find_claims(text, language):
        found = held(replace(claim, channel=channel or claim.channel), journey, language)
        if found:
            return found
    return None


def _short(said: Sequence[Said], hours: Hours) -> list[Said]:
    return [one for one in said if not one.kept(hours)]


def _met(said: Sequence[Said], hours: Hours) -> float:
    return sum(one.met(hours) for one in said)
