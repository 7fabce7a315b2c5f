"""How far long work is: a bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 30
BAR_EVERY_S, LINE_EVERY_S = 0.1, 5.0


class Progress:
    """Shows a share (0-1) and how many rows were read; `clock` counts seconds."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out or sys.stderr, clock
        self._bar = self._out.isatty()
        self._started = self._shown = clock()
        self._drawn = False

    def show(self, share: float, rows: int) -> None:
        """Show it, when it is time again."""
        now = self._clock()
        if now - self._shown < (BAR_EVERY_S if self._bar else LINE_EVERY_S):
            return
        self._shown = now
        share = min(1.0, max(0.0, share))
        speed = rows / max(now - self._started, 1e-9)
        if self._bar:
            filled = round(WIDTH * share)
            self._out.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}  {rows:,} rows  {speed:,.0f}/s ")
            self._drawn = True
        else:
            self._out.write(f"{share:.0%} read, {rows:,} rows, {speed:,.0f} rows per second\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the bar's line, so that what follows stands on its own."""
        if self._drawn:
            self._out.write("\r" + " " * (WIDTH + 40) + "\r")
            self._out.flush()
