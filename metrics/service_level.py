"""Service level: answered in time, by the treatment of abandoned calls that is printed beside it, for it moves by points."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.intervals import Interval, wilson

SHORT_ABANDON = 5.0
DEFAULT = "offered"
TREATMENTS: tuple[str, ...] = (
    "answered_only",
    "offered",
    "drop_short_abandons",
    "drop_abandons_in_time",
    "credit_abandons_in_time",
    "credit_short_abandons",
)


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of a period, summed over its intervals (never averaged): answered, abandoned in queue, and how many within times.

    `answered_in_time` and `abandoned_in_time` within the norm T, `abandoned_short` within 5 s; blocked and self-served stay out.
    """

    answered: float
    abandoned: float
    answered_in_time: float
    abandoned_in_time: float = 0.0
    abandoned_short: float = 0.0

    @property
    def offered(self) -> float:
        """Answered and abandoned in queue together."""
        return self.answered + self.abandoned


def service_level(calls: Calls, treatment: str = DEFAULT) -> Interval:
    """The share (0-1) answered in time, with Wilson's interval; by default every abandoned call is missed, as for customers.

    ValueError for a treatment not in TREATMENTS. ICMI's and Call Centre Helper's formulas, plus COPC's "offered".

    >>> icmi = Calls(1000, 60, 860, 20, 10)
    >>> [round(service_level(icmi, t).value, 4) for t in TREATMENTS]
    [0.86, 0.8113, 0.819, 0.8269, 0.8302, 0.8208]
    """
    c = calls
    parts = {
        "answered_only": (c.answered_in_time, c.answered),
        "offered": (c.answered_in_time, c.offered),
        "drop_short_abandons": (c.answered_in_time, c.offered - c.abandoned_short),
        "drop_abandons_in_time": (c.answered_in_time, c.offered - c.abandoned_in_time),
        "credit_abandons_in_time": (c.answered_in_time + c.abandoned_in_time, c.offered),
        "credit_short_abandons": (c.answered_in_time + c.abandoned_short, c.offered),
    }
    if treatment not in parts:
        raise ValueError(
            f"service level: treatment {treatment!r}, expected one of {', '.join(TREATMENTS)}. Name one in the settings."
        )
    return wilson(*parts[treatment])


def abandonment(calls: Calls, *, without_short: bool = False) -> Interval:
    """The share (0-1) of offered calls abandoned in queue; `without_short` leaves out those abandoned within 5 s.

    >>> round(abandonment(Calls(1000, 60, 860, 20, 10)).value, 4)
    0.0566
    """
    short = calls.abandoned_short if without_short else 0.0
    return wilson(calls.abandoned - short, calls.offered - short)


def apdex(satisfied: float, tolerating: float, frustrated: float) -> float:
    """Apdex (0-1): satisfied plus half of tolerating, over all; T and 4T part them.

    >>> apdex(60, 30, 10)
    0.75
    """
    return (satisfied + tolerating / 2) / (satisfied + tolerating + frustrated)
