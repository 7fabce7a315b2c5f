"""Calibration: knots of this store's own, learned from customers who gave a mark to what was also measured in their case."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.opening import Place, now_ms
from metrics.calibration import PAIRS, Calibration, calibrate
from metrics.knots import KnotsBook
from metrics.registry import metric, metrics
from store.people.knots import current_book, save_book
from store.reads.pairs import mark_pairs

WHO = "calibration"
GIVEN = ("csat", "csat10")


@dataclass(frozen=True, slots=True)
class Tried:
    """One measure on one channel ('' is all of them): how many pairs, and what calibration came to (None: fewer than 200)."""

    metric: str
    channel: str
    pairs: int
    outcome: Calibration | None


def attempt(place: Place) -> tuple[list[Tried], KnotsBook | None]:
    """Try every measure whose knots are no norm or law, per channel where the norm is the channel's; the new book, if any.

    Nothing is kept: see `keep`. A measure is taken over only where customers' marks are told better by it (metrics.calibration).
    """
    book = current_book(place.engine)
    tried = [one for id in _candidates(book) for one in _tried(place, id, book)]
    better = [one for one in tried if one.outcome and one.outcome.accepted]
    return tried, _written(book, better) if better else None


def keep(place: Place, book: KnotsBook) -> None:
    """Mark by these knots from now on; what is stored is read anew as a job."""
    save_book(place.engine, book, WHO, now_ms())
    place.learned.book = book


def lines(tried: list[Tried]) -> Iterator[str]:
    """What was tried, one measure on a line: pairs, error in marks before and after, and whether it is better."""
    for one in tried:
        name = f"{one.metric}{f' ({one.channel})' if one.channel else ''}"
        if one.outcome is None:
            yield f"{name:<28}{one.pairs:>8,} pairs, needs {PAIRS}: stays an assumption"
            continue
        found = one.outcome
        said = "better" if found.accepted else "not better: stays as it is"
        if found.missing:
            said = f"customers' marks never cross {' or '.join(f'{mark:g}' for mark in found.missing)}: stays as it is"
        yield f"{name:<28}{one.pairs:>8,} pairs, error {found.error_before:.2f} -> {found.error_after:.2f} marks, {said}"
        if found.accepted:
            yield f"{'':<28}a 5.5 at {found.knots.inverse(5.5):.4g}, an 8 at {found.knots.inverse(8):.4g}"


def _candidates(book: KnotsBook) -> list[str]:
    """Measures of single customers whose line is an assumption, or was calibrated before."""
    known = [m for m in metrics().values() if m.group != "none" and m.marked == "observation" and m.knots in book]
    return [m.id for m in known if m.kind in ("duration", "sentiment") and _open(book, m.knots)]


def _open(book: KnotsBook, knots: str) -> bool:
    channels = ("", *book.raw[knots].get("channel", {}))
    return any(book.of(knots, channel).basis in ("assumption", "calibrated") for channel in channels)


def _tried(place: Place, id: str, book: KnotsBook) -> Iterator[Tried]:
    found = mark_pairs(place.engine, place.journey.id, id, GIVEN)
    own = book.raw[metric(id).knots].get("channel", {})
    if not own and found:
        found = {"": tuple(np.concatenate(parts) for parts in zip(*found.values(), strict=True))}  # type: ignore[dict-item]
    for channel, (values, marks) in sorted(found.items()):
        knots = book.of(metric(id).knots, channel)
        outcome = calibrate(values, marks, knots) if len(values) >= PAIRS else None
        yield Tried(id, channel, len(values), outcome)


def _written(book: KnotsBook, better: list[Tried]) -> KnotsBook:
    """The next version: a calibrated line in the place of its measure's, or as the line of one channel of it."""
    raw: dict[str, Any] = deepcopy(dict(book.raw))
    for one in better:
        assert one.outcome is not None
        name, line = metric(one.metric).knots, one.outcome.knots
        fresh = {
            "direction": raw[name]["direction"],
            "basis": "calibrated",
            "source": f"isotonic regression on {one.pairs} customers' marks",
            "knots": [[x, y] for x, y in zip(line.x, line.y, strict=True)],
        }
        if one.channel:
            raw[f"{name}_{one.channel}"] = fresh
            raw[name].setdefault("channel", {}).setdefault(one.channel, {})["like"] = f"{name}_{one.channel}"
        else:
            raw[name] |= fresh
    return KnotsBook(book.version + 1, raw, "calibrated knots")
