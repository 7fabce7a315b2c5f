"""The builder: reads what a frame needs from the store, keeps the slow part for a while, and builds the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pages.wall.frame import Context, Kept, build, keep, quoted
from pages.wall.kept import durations
from pages.wall.schedule import parse_opening
from store.people.expectations import told
from store.people.facts import facts
from store.people.journeys import current_journey, journeys
from store.people.promises import register
from store.people.walls import SCREEN_QUOTES, house_quotes, screen_quotes
from store.reads.wall import Slow, newest_contact_at, read_fresh, read_slow

SLOW_MS = 20_000
OLD_MS = 14 * 86_400_000
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Held:
    """What was read at `at` and holds for SLOW_MS."""

    at: int
    context: Context
    slow: Slow
    kept: Kept


class Builder:
    """Builds this store's frames; not safe for two threads at once."""

    def __init__(self, engine: Any, settings: Any) -> None:
        self.engine, self.settings = engine, settings
        self.opening = parse_opening(settings.wall.opening)
        self.held: Held | None = None

    def build(self, now_ms: int) -> dict[str, Any]:
        """The frame of this moment (UTC epoch milliseconds)."""
        held = self._hold(now_ms)
        context = held.context
        closed = None if context.as_of else context.opening.closed(now_ms, context.zone)
        at, timed = context.as_of or now_ms, durations(context.promises)
        fresh = read_fresh(self.engine, context.journey.id, at, context.zone, timed, closed.closed_at if closed else None)
        return build(fresh, held.slow, held.kept, held.context, now_ms)

    def others(self, now_ms: int) -> dict[str, dict[str, Any]]:
        """What differs from that frame on screens with a rule of their own for quotes: `voices` and `base`, by the rule."""
        held = self._hold(now_ms)
        rules = {own: screen_quotes(own, held.context.quotes) for own in SCREEN_QUOTES if own}
        return {own: quoted(held.slow, held.context, rule, now_ms) for own, rule in rules.items()}

    def _hold(self, now_ms: int) -> Held:
        if self.held is None or not 0 <= now_ms - self.held.at < SLOW_MS:
            context = self.context(now_ms)
            at = context.shown_at(now_ms)
            slow = read_slow(self.engine, context.journey.id, at, context.zone, durations(context.promises))
            self.held = Held(now_ms, context, slow, keep(slow, context, at))
        return self.held

    def context(self, now_ms: int) -> Context:
        """The journey, promises and rules of the store as they are now."""
        known = facts(self.engine)
        journey = current_journey(self.engine, self._journey(known))
        newest = newest_contact_at(self.engine, journey.id)
        as_of = newest + HOUR_MS - 1 if newest and newest < now_ms - OLD_MS else 0
        at = as_of or now_ms
        demo = known.get("demo") == "1"
        promises = [p for p in register(self.engine, journey.id) if p.state == "approved" and p.holds(at) and not p.segment]
        return Context(
            journey=journey,
            told=told(self.engine, journey),
            promises=promises,
            company=self._company(known, journey.company if known.get("demo") == "1" else {}),
            zone=ZoneInfo(known.get("zone") or self.settings.company.timezone),
            demo=demo,
            opening=self.opening,
            quotes=house_quotes(self.settings.wall.quotes, known),
            late_after=self.settings.wall.late_after,
            as_of=as_of,
        )

    def _journey(self, known: dict[str, str]) -> str:
        held, active = journeys(self.engine), self.settings.journey.active
        return next((id for id in (known.get("journey", ""), active) if id in held), held[0] if held else active)

    def _company(self, known: dict[str, str], named: dict[str, str]) -> dict[str, str]:
        company = self.settings.company
        return {
            language: known.get(f"company_{language}")
            or getattr(company, f"name_{language}")
            or named.get(language)
            or "Klantblik"
            for language in ("nl", "en")
        }
