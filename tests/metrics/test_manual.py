"""The manual of the measures names every metric in both languages, every file, and the knots as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.knots import default_knots
from metrics.registry import Metric, metrics

ROOT = Path(__file__).resolve().parent.parent.parent
MANUAL = (ROOT / "docs" / "metrics.md").read_text(encoding="utf8")
SCREENS = {"__init__", "knots", "registry", "weekly", "weeks", "moved"}
FILES = sorted({path.stem for path in (ROOT / "metrics").glob("*.py")} - SCREENS)


@pytest.mark.parametrize("one", metrics().values(), ids=lambda one: one.id)
def test_every_metric_stands_in_the_manual(one: Metric) -> None:
    row = next(line for line in MANUAL.splitlines() if line.startswith(f"| `{one.id}` |"))
    assert one.name("nl") in row and one.name("en") in row
    if one.marked != "none":
        knots = default_knots().of(one.knots)
        assert " · ".join(f"{x:g}:{y:g}" for x, y in zip(knots.x, knots.y, strict=True)) in row


@pytest.mark.parametrize("file", FILES)
def test_every_measure_is_explained(file: str) -> None:
    assert f"metrics.{file}" in MANUAL
