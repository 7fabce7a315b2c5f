"""Erlang: formulas against each other and against a simulated queue."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.erlang import Unstable, erlang_a, erlang_b, erlang_c, patience_of, staff_needed


def simulate(
    calls: float, period: float, handling: float, agents: int, target: float, patience: float, seed: int
) -> tuple[float, float, float]:
    """A queue played out: the shares answered in time and abandoned, and the mean wait of all offered."""
    rng, n = np.random.default_rng(seed), 60_000
    arrivals = np.cumsum(rng.exponential(period / calls, n))
    service, leave = rng.exponential(handling, n), rng.exponential(patience, n)
    free = [0.0] * agents
    heapq.heapify(free)
    in_time = gone = 0
    waited = 0.0
    for at, work, left in zip(arrivals, service, leave, strict=True):
        start = max(at, free[0])
        wait = min(start - at, left)
        waited += wait
        if start - at > left:
            gone += 1
            continue
        heapq.heapreplace(free, start + work)
        in_time += wait <= target
    return in_time / n, gone / n, waited / n


@pytest.mark.parametrize(("agents", "patience"), [(10, 120.0), (12, 300.0), (13, 60.0)])
def test_erlang_a_is_what_a_simulated_queue_does(agents: int, patience: float) -> None:
    queue = erlang_a(100, 1800, 180, agents, 20, patience)
    level, gone, wait = simulate(100, 1800, 180, agents, 20, patience, agents)
    assert queue.service_level == pytest.approx(level, abs=0.015)
    assert queue.abandoned == pytest.approx(gone, abs=0.008)
    assert queue.mean_wait == pytest.approx(wait, rel=0.1)


def test_endless_patience_is_erlang_c() -> None:
    a, c = erlang_a(100, 1800, 180, 14, 20, 1e5), erlang_c(100, 1800, 180, 14, 20)
    assert a.service_level == pytest.approx(c.service_level, abs=2e-3)
    assert a.waiting == pytest.approx(c.waiting, abs=2e-3)
    assert a.abandoned < 1e-3


def test_c_is_the_upper_bound_of_waiting() -> None:
    assert erlang_c(100, 1800, 180, 12, 20).mean_wait > erlang_a(100, 1800, 180, 12, 20, 120).mean_wait


@given(st.integers(11, 40))
def test_more_people_never_serve_worse(agents: int) -> None:
    fewer, more = (erlang_c(100, 1800, 180, n, 20) for n in (agents, agents + 1))
    assert more.service_level >= fewer.service_level - 1e-12
    assert more.mean_wait <= fewer.mean_wait + 1e-12
    assert more.occupancy < fewer.occupancy


@given(st.integers(1, 60), st.floats(0.1, 40))
def test_blocking_is_a_share(agents: int, load: float) -> None:
    assert 0 <= erlang_b(agents, load) <= 1


@pytest.mark.parametrize("agents", [5, 10])
def test_more_work_than_people_has_no_steady_state(agents: int) -> None:
    with pytest.raises(Unstable, match="erlangs"):
        erlang_c(100, 1800, 180, agents, 20)
    assert 0 < erlang_a(100, 1800, 180, agents, 20, 120).service_level < 1, "with impatient customers there is one"


@pytest.mark.parametrize("patience", [None, 240.0])
def test_the_staff_needed_is_just_enough(patience: float | None) -> None:
    n = staff_needed(100, 1800, 180, 20, 0.80, patience=patience)

    def level(agents: int) -> float:
        return (
            erlang_c(100, 1800, 180, agents, 20) if patience is None else erlang_a(100, 1800, 180, agents, 20, patience)
        ).service_level

    assert level(n) >= 0.80 > level(n - 1)
    assert staff_needed(100, 1800, 180, 20, 0.80, patience=patience, shrinkage=0.5) == 2 * n


def test_an_unreachable_target_says_so() -> None:
    with pytest.raises(Unstable, match="5000"):
        staff_needed(100, 1800, 180, -1, 1.1)


def test_patience_is_estimated_from_all_who_waited() -> None:
    rng = np.random.default_rng(1)
    patience, answer = rng.exponential(120, 20_000), rng.exponential(60, 20_000)
    gone = patience < answer
    assert patience_of(float(gone.sum()), float(np.minimum(patience, answer).sum())) == pytest.approx(120, rel=0.05)
    assert patience_of(0, 100) == float("inf")
