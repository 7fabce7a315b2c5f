"""The breaker: a source that sends mostly what cannot be read is stopped, before quarantine holds it all."""

from __future__ import annotations

from collections import deque

LEAST = 100
WINDOW = 500
LARGEST_SHARE = 0.2
LONGEST_RUN = 50


class Breaker:
    """Hears how many good and bad records came, in order; trips over 20% bad of the last 500, or at 50 bad in a row.

    >>> breaker = Breaker()
    >>> breaker.heard(0, 49) or breaker.heard(1, 0) or breaker.heard(0, 50)
    '50 records in a row could not be read'
    """

    def __init__(self) -> None:
        self._window: deque[tuple[int, int]] = deque()
        self._run = self._good = self._bad = 0

    def heard(self, good: int, bad: int) -> str:
        """Why to stop now; '' to go on."""
        self._run = self._run + bad if not good else 0
        self._window.append((good, bad))
        self._good, self._bad = self._good + good, self._bad + bad
        while len(self._window) > 1 and self._good + self._bad - sum(self._window[0]) >= WINDOW:
            old_good, old_bad = self._window.popleft()
            self._good, self._bad = self._good - old_good, self._bad - old_bad
        if self._run >= LONGEST_RUN:
            return f"{self._run} records in a row could not be read"
        total = self._good + self._bad
        if total >= LEAST and self._bad > LARGEST_SHARE * total:
            return f"{self._bad} of the last {total} records could not be read"
        return ""
