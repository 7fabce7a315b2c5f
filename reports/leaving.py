"""Who wants to leave in one stage: how many, why (what else they speak of), and for whom; no group of fewer than five."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.evidence import INDICATIVE_N
from metrics.intervals import Interval, wilson
from metrics.privacy import may_show
from store.engine import Engine
from store.reads.leaving import LEAVING, Spoken, heard

DAYS = 28
SPAN_MS = DAYS * 86_400_000
SAME = (LEAVING, "switching", "cancelling")  # the leaving itself is no reason for it


@dataclass(frozen=True, slots=True)
class Motive:
    """A theme that `n` of those who leave speak of, and which share (0-1) of them that is."""

    theme: str
    n: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Rival:
    """Another company: how many customers name it, and how many of them leave; None where that would show fewer than five."""

    name: str
    n: int
    leave: int | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Of `n` customers who said something, `count` leave or threaten to; motives and rivals with the most named first."""

    n: int
    count: int
    motives: tuple[Motive, ...] = ()
    rivals: tuple[Rival, ...] = ()

    @property
    def share(self) -> Interval:
        """The share (0-1) that leaves, with Wilson's interval; NaN without customers."""
        return wilson(self.count, self.n)

    @property
    def enough(self) -> bool:
        """Whether enough customers spoke, and neither those who leave nor those who stay are a group of fewer than five."""
        return self.n >= INDICATIVE_N and may_show(self.count) and _apart(self.n - self.count)


def of_stage(engine: Engine, journey: str, stage: str, rivals: Sequence[str], now_ms: int) -> Leaving:
    """Who leaves the stage, over the last 28 days up to and including `now_ms` (UTC epoch ms); `rivals` are names to look for."""
    names = list(dict.fromkeys(name for name in rivals if name.strip()))
    n, said = heard(engine, journey, stage, now_ms + 1 - SPAN_MS, now_ms + 1, names)
    return leaving(n, said, names)


def leaving(n: int, said: Iterable[Spoken], names: Sequence[str] = ()) -> Leaving:
    """The figures of `n` customers, of whom `said` holds the words of everyone who leaves or names a rival.

    >>> said = [Spoken(str(i), "Over naar Zuidwind", ("leaving", "price")) for i in range(6)]
    >>> found = leaving(40, said, ["Zuidwind"])
    >>> found.count, [(motive.theme, motive.n) for motive in found.motives], found.rivals[0].leave
    (6, [('price', 6)], 6)
    """
    leave: set[str] = set()
    themes, named = defaultdict(set), defaultdict(set)
    wanted = {name: _whole(name) for name in names}
    for one in said:
        if LEAVING in one.themes:
            leave.add(one.who)
            for theme in one.themes:
                themes[theme].add(one.who)
        for name, pattern in wanted.items():
            if pattern.search(one.text):
                named[name].add(one.who)
    return Leaving(n, len(leave), _motives(themes, len(leave)), _rivals(named, leave))


def _whole(name: str) -> re.Pattern[str]:
    """The name as whole words in any case: "Kustlijn" and not "Kustlijnen"."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _apart(rest: int) -> bool:
    """Whether what is left of a total tells nothing about fewer than five: it is nobody, or it may be shown itself."""
    return rest == 0 or may_show(rest)


def _motives(themes: Mapping[str, set[str]], count: int) -> tuple[Motive, ...]:
    sizes = {theme: len(who) for theme, who in themes.items() if theme not in SAME}
    shown = [(theme, n) for theme, n in sizes.items() if may_show(n) and _apart(count - n)]
    return tuple(Motive(theme, n, wilson(n, count)) for theme, n in sorted(shown, key=lambda one: (-one[1], one[0])))


def _rivals(named: Mapping[str, set[str]], leave: set[str]) -> tuple[Rival, ...]:
    shown = [(name, len(who), len(who & leave)) for name, who in named.items() if may_show(len(who))]
    guarded = [Rival(name, n, left if _apart(left) and _apart(n - left) else None) for name, n, left in shown]
    return tuple(sorted(guarded, key=lambda rival: (-rival.n, rival.name)))
