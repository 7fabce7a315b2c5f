"""The benchmarks on real people, where the data lie beside the project."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import planted, real, statistics
from benchmarks.pls import path_coefficients
from metrics.gap import paired_gap

WITH_DATA = pytest.mark.skipif(not real.DATA.exists(), reason="the data sets are not beside the project (../shared/data)")
pytestmark = pytest.mark.shared


@WITH_DATA
def test_27_the_twelve_published_paths() -> None:
    """semPLS, Journal of Statistical Software 48(3), 2012; data Tenenhaus et al. 2005: 250 customers."""
    found = path_coefficients(real.blocks_of(real.read_survey()), list(real.PUBLISHED))
    assert {path: round(value, 3) for path, value in found.items()} == real.PUBLISHED


@WITH_DATA
def test_27_the_gap_of_real_customers() -> None:
    blocks = real.blocks_of(real.read_survey())
    shown = paired_gap(blocks["quality"].mean(1), blocks["expectation"].mean(1))
    assert shown.value == pytest.approx(0.201, abs=5e-4)
    assert shown.half == pytest.approx(0.150, abs=5e-4)


@WITH_DATA
def test_the_calls_add_up() -> None:
    calls = real.read_calls()
    assert len(calls) == 42_078
    sums = real.counted(real.queued(calls))
    assert sums.offered == len(real.queued(calls))
    assert sums.answered_in_time <= sums.answered
    assert sums.abandoned_short <= sums.abandoned_in_time <= sums.abandoned


def test_without_the_data_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(real, "DATA", tmp_path / "none")
    assert real.main([]) == 2
    assert "beside the project" in capsys.readouterr().err


@pytest.mark.parametrize("plant", planted.PLANTS)
def test_a_planted_company_has_the_truth_that_it_says(plant: str) -> None:
    one = planted.company(np.random.default_rng(3), plant)
    assert one.plant == plant
    assert one.marks.shape == (one.weeks, planted.STAGES)
    assert (one.weeks < 26) == (plant == "cannot_tell")
    others = [s for s in range(planted.STAGES) if s != one.stage]
    assert (one.marks[-4:].mean(0)[others] > one.expected[others] - 0.3).all()


def test_the_simulations_run_and_show_their_targets(capsys: pytest.CaptureFixture[str]) -> None:
    assert statistics.main(["verdicts"]) == 0
    printed = capsys.readouterr().out
    assert "month look" in printed and "<= 0.025" in printed
