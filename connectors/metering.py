"""What a source costs: its budget of calls, items and money, and the meter that the runner lays under everything that calls.

Connectors say `called()` before each call to their vendor; who reads them says what came. Whether that may go on is the meter's
to decide, and the meter is ingest's: no connector counts, and without a meter (a test, a check) nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from pydantic import Field

from connectors.base import ConnectorConfig, RateLimited


class Budget(ConnectorConfig):
    """How much one source may use, per UTC hour, day or month; 0 is: no limit. Money is in the currency of your contract."""

    calls_per_hour: int = Field(default=0, ge=0)
    calls_per_day: int = Field(default=0, ge=0)
    items_per_month: int = Field(default=0, ge=0, description="posts, mails, records: what the vendor counts")
    money_per_month: float = Field(default=0.0, ge=0)
    cost_per_item: float = Field(default=0.0, ge=0)
    cost_per_call: float = Field(default=0.0, ge=0)


class Spent(RateLimited):
    """Our own limit is reached, before the vendor's was; `limit` names it as `Budget` does."""

    def __init__(self, limit: str, used: float, most: float, until: datetime) -> None:
        super().__init__(f"budget.{limit}: {used:g} of {most:g} are used", until=until)
        self.limit, self.used, self.most = limit, used, most


class Meter(Protocol):
    """Counts what a source uses; raises Spent when a limit would be passed."""

    def call(self) -> None:
        """One call is about to be made."""
        ...

    def item(self, count: int) -> None:
        """This many items came."""
        ...

    def room(self, count: int) -> None:
        """This many items may come now."""
        ...


class Unmetered:
    """Counts nothing and allows everything."""

    def call(self) -> None:
        """Any number of calls."""

    def item(self, count: int) -> None:
        """Any number of items."""

    def room(self, count: int) -> None:
        """Always."""


_METER: ContextVar[Meter] = ContextVar("meter", default=Unmetered())  # noqa: B039 - it holds no state


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Count every call of the block, and of the threads that `aside` makes for it, on this meter."""
    token = _METER.set(meter)
    try:
        yield
    finally:
        _METER.reset(token)


def called() -> None:
    """One call to the vendor is about to be made; Spent when the budget has none left."""
    _METER.get().call()
