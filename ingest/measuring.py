"""Observations: what a contact, its words and its source's own readings are worth, with marks and duration bins."""

from __future__ import annotations

from dataclasses import replace

from connectors.base import Reading, Said
from metrics.bins import OPEN, bin_of
from metrics.knots import KnotsBook, default_knots
from metrics.marks import mark_of
from metrics.registry import metric
from store.rows import Observed

CONTACTS, SENTIMENT = "contacts", "sentiment"
BINNED = "duration"


class Measurer:
    """Makes observations under one version of the knots."""

    def __init__(self, book: KnotsBook | None = None) -> None:
        self._book = book or default_knots()

    def observed(self, said: Said) -> list[Observed]:
        """One for the contact itself when a customer made it, one per reading, and one per question nobody answered yet.

        ValueError for an unknown metric, or a value outside its scale.
        """
        found = [self._reading(reading, said.channel) for reading in said.readings]
        found += [self._open(name) for name in said.unanswered]
        if said.kind == "contact" and said.provenance == "customer":
            found.append(Observed(CONTACTS, 1.0))
        return found

    def sentiment(self, score: float) -> Observed:
        """The observation of a sentiment score (-1 to 1)."""
        return Observed(SENTIMENT, score, mark_of(SENTIMENT, score, book=self._book), knots=self._book.version)

    def again(self, seen: Observed, channel: str) -> Observed:
        """A stored observation under these knots."""
        if seen.mark is None or seen.bin == OPEN:
            return seen
        return replace(seen, mark=mark_of(seen.metric, seen.value, channel=channel, book=self._book), knots=self._book.version)

    def _reading(self, reading: Reading, channel: str) -> Observed:
        mark = mark_of(reading.metric, reading.value, channel=channel, book=self._book)
        bin = bin_of(reading.value) if metric(reading.metric).kind == BINNED else 0
        version = 0 if mark is None else self._book.version
        return Observed(reading.metric, float(reading.value), mark, bin, reading.count, reading.weight, version)

    def _open(self, name: str) -> Observed:
        if metric(name).kind != BINNED:
            raise ValueError(f"unanswered: found {name!r}, expected a duration such as first_response")
        return Observed(name, 0.0, None, OPEN)
