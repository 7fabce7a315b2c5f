"""Events for the property tests: few ids, versions, cases and moments, so that they meet each other often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from store.engine import ms
from store.rows import Observed, Placed, Row

ZONE = "Europe/Amsterdam"
NOW = ms(datetime(2026, 10, 26, 12, tzinfo=UTC))
SOURCE = "helpdesk"
CLOCK_BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time; an hour later it is 02:30 again
CLOCK_ON = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
MOMENTS = [
    *(ms(CLOCK_BACK + timedelta(minutes=minutes)) for minutes in (0, 0, 1, 29, 30, 60)),
    *(ms(CLOCK_ON + timedelta(minutes=minutes)) for minutes in (0, 1)),
    *(ms(datetime(2026, 1, 4, 22, tzinfo=UTC) + timedelta(hours=hours)) for hours in (0, 1, 2)),  # around a Monday
    ms(datetime(2025, 12, 31, 22, 59, tzinfo=UTC)),
    NOW - 1,
]
EIGHTHS = st.integers(8, 80).map(lambda k: k / 8)  # exact in binary, so that the model's fractions are the very same numbers


def observed() -> st.SearchStrategy[list[Observed]]:
    """Contacts always, and now and then a sentiment, a wait with a bin, or an aggregate."""
    sentiment = st.builds(lambda mark: Observed("sentiment", (mark - 5.5) / 4.5 // 0.125 * 0.125, mark), EIGHTHS)
    wait = st.builds(lambda seconds, bin: Observed("wait", seconds, 6.5, bin), EIGHTHS, st.sampled_from([-1, 0, 7]))
    share = st.builds(lambda count, weight: Observed("abandoned", 0.25, None, 0, count, weight), EIGHTHS, EIGHTHS)
    extra = st.lists(st.one_of(sentiment, wait, share), max_size=3)
    return extra.map(lambda found: [Observed("contacts", 1.0), *found])


def placed() -> st.SearchStrategy[list[Placed]]:
    """Mostly in one stage, so that cases meet; now and then elsewhere, in two journeys, or in none."""
    fly, service = Placed("airline", "fly", "rule"), Placed("airline", "service", "rule")
    other = [[service], [Placed("airline", "", "rule")], [fly, Placed("seven", "use", "model", 0.75)], []]
    return mostly([fly], *other)


def mostly(usual: Any, *unusual: Any) -> st.SearchStrategy[Any]:
    """The usual five times out of six: what must meet to matter has to be alike."""
    return st.sampled_from([*(usual for _ in range(5 * len(unusual))), *unusual])


def contents() -> st.SearchStrategy[dict[str, Any]]:
    """What one version of one contact says."""
    themes = st.lists(st.sampled_from(["delay", "bags"]), max_size=2).map(tuple)
    return st.fixed_dictionaries(
        {
            "happened_at": st.sampled_from(MOMENTS),
            "channel": mostly("chat", "phone"),
            "author_key": st.sampled_from([None, "anna", "bram"]),
            "case_key": mostly("case-1", "case-2", None),
            "text": st.sampled_from(["", "te laat", "dank"]),
            "themes": themes,
            "segments": mostly((), ("new",), ("new", "critical")),
            "kind": mostly("contact", "measure"),
            "placed": placed(),
            "observed": observed(),
        }
    )


@st.composite
def histories(draw: st.DrawFn, events: int = 14) -> list[Row]:
    """Events in some order: replays, edits, late ones, deletes, restores. A version of a contact always says the same."""
    picks = st.tuples(st.sampled_from("abcd"), st.sampled_from([1, 2, 3]), st.sampled_from(["upsert", "upsert", "delete"]))
    picked = draw(st.lists(picks, min_size=1, max_size=events))
    said = {pick: draw(contents()) for pick in sorted({(id, version) for id, version, _ in picked})}
    return [event(id, version, op, said[id, version]) for id, version, op in picked]


def event(id: str, version: int, op: str, said: dict[str, Any]) -> Row:
    """One event; a delete carries only its identity."""
    if op == "delete":
        return Row(SOURCE, "tickets", id, version, op, said["happened_at"], NOW)
    said = said if said["kind"] == "contact" else said | {"themes": ()}
    return Row(SOURCE, "tickets", id, version, op, received_at=NOW, **said)


@st.composite
def batched(draw: st.DrawFn, rows: list[Row]) -> list[list[Row]]:
    """The same events in the same order, cut into batches somewhere."""
    cuts = sorted(draw(st.sets(st.integers(0, len(rows)), max_size=4)))
    return [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
