"""How a benchmark shows what it measured: a table to read, JSON to keep, and whether each ratio met its target."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """A ratio measured in this run, and what it must be: at least or at most `target`."""

    name: str
    value: float
    target: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether the target was met."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        """One line to read."""
        wanted = "at least" if self.at_least else "at most"
        return f"{self.name}: {self.value:.2f} ({wanted} {self.target:g}: {'met' if self.met else 'NOT MET'})"


def show(name: str, lines: Sequence[dict[str, Any]], ratios: Sequence[Ratio]) -> int:
    """Print the table, the ratios and the JSON; 0 when every target was met, else 1."""
    print(f"\n{name} · Python {platform.python_version()} · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}\n")
    print(_table(lines))
    print("\n".join(str(ratio) for ratio in ratios))
    kept = [asdict(ratio) | {"met": ratio.met} for ratio in ratios]
    print(json.dumps({"benchmark": name, "lines": list(lines), "ratios": kept}))
    return 0 if all(ratio.met for ratio in ratios) else 1


def _table(lines: Sequence[dict[str, Any]]) -> str:
    heads = list(lines[0])
    cells = [heads, *([_text(line[head]) for head in heads] for line in lines)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def _text(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
