"""How long to leave a source alone after a fault: longer each time, never quite the same, never longer than a cap."""

from __future__ import annotations

import random
from datetime import datetime

from connectors.base import ConnectorError, RateLimited, Transient

FIRST_S, LONGEST_S = 1.0, 320.0
FIRST_LIMIT_S, LONGEST_LIMIT_S = 60.0, 900.0


class Backoff:
    """Remembers how often one source failed in a row; `chance` gives the jitter, so that many do not come back at once."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance, self._falls = chance or random.Random(), 0

    def worked(self) -> None:
        """The source gave something: the next fault counts as the first."""
        self._falls = 0

    def seconds(self, fault: ConnectorError | None, now: datetime) -> float:
        """Seconds to wait after `fault` (None: it ended by itself), between half and the whole of the present step.

        What the source asks for (Retry-After) is obeyed, up to 15 minutes: an absurd one must not silence a source for a day.
        """
        self._falls += 1
        asked = _asked(fault, now)
        if isinstance(fault, RateLimited):
            step = self._step(FIRST_LIMIT_S, LONGEST_LIMIT_S) if asked is None else 0.0
        else:
            step = self._step(FIRST_S, LONGEST_S)
        jittered = step * (0.5 + 0.5 * self._chance.random())
        return max(jittered, min(asked or 0.0, LONGEST_LIMIT_S))

    def _step(self, first: float, longest: float) -> float:
        return min(longest, first * 2.0 ** min(self._falls - 1, 30))


def _asked(fault: ConnectorError | None, now: datetime) -> float | None:
    if isinstance(fault, RateLimited) and fault.until is not None:
        return max(1.0, (fault.until - now).total_seconds())
    if isinstance(fault, Transient) and fault.retry_after is not None:
        return max(0.0, fault.retry_after)
    return None
