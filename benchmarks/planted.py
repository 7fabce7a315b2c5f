"""Planted companies: made-up data whose truth is known, so that a rule can be marked right or wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.advice import Advice, Case, advise
from metrics.capability import hard_capability, rolling, soft_capability
from metrics.clocks import DAY
from metrics.gain import room
from metrics.gap import gap
from metrics.intervals import Interval, bounded_mean_of
from metrics.priority import leads, rank
from metrics.promise import DAY_MS, Promise, Survey, expectation
from metrics.verdict import Verdict, hard_verdict, soft_verdict

STAGES = 6
PLANTS = ("raise_delivery", "lower_bar", "raise_cannot_lower", "raise_lower_meanwhile", "cannot_tell", "keep")
HARD_STAGE = 0
CUSTOMERS = 800


@dataclass
class Company:
    """One planted company: which advice is right for which stage, and the data that anybody would have."""

    plant: str
    stage: int
    weeks: int
    marks: np.ndarray
    per_week: np.ndarray
    expected: np.ndarray
    kept: np.ndarray
    asked: np.ndarray
    threshold: float
    answers: np.ndarray
    goal: np.ndarray


def company(rng: np.random.Generator, plant: str) -> Company:
    """A company of 6 stages, a promise on each: all kept but the planted one, which is broken in the way `plant` says.

    Stage 0 has a hard promise (first response within 4 hours for 90%), the others a soft one with a survey of 60 answers.
    """
    stage = int(rng.integers(0, STAGES))
    weeks = int(rng.integers(10, 20)) if plant == "cannot_tell" else 52
    level = rng.uniform(6.2, 7.9, STAGES)
    expected = level - rng.uniform(0.0, 0.5, STAGES)
    means = level + rng.normal(0, 0.05, (weeks, STAGES))
    kept = np.full(weeks, 0.95)
    if plant != "keep":
        _break(rng, plant, stage, means, expected, kept)
    per_week = rng.integers(60, 160, STAGES)
    asked = rng.poisson(120, weeks)
    slopes = rng.uniform(0.05, 0.3, STAGES)
    slopes[stage] = 0.4 if plant == "raise_lower_meanwhile" else 0.0
    answers, goal = _respondents(rng, means[-4:].mean(0), slopes)
    threshold = 14400.0 if plant != "raise_cannot_lower" else 172800.0
    return Company(
        *(plant, stage, weeks, _weekly_marks(rng, means, per_week), per_week, expected, rng.binomial(asked, kept), asked),
        threshold=threshold,
        answers=answers,
        goal=goal,
    )


def advise_all(one: Company, rng: np.random.Generator) -> list[Advice]:
    """The product's advice on every stage's promise, from the data alone."""
    delivered = [_quarter(one, s, one.weeks - 4) for s in range(STAGES)]
    expected = [_survey(one, s, rng) for s in range(STAGES)]
    ambition = room([d.value for d in delivered], [e.value for e in expected], [np.nan] * STAGES).ambition
    ranked = rank(one.answers, one.goal, ambition, draws=200)
    return [_advice(one, s, delivered[s], expected[s], leads(ranked, s)) for s in range(STAGES)]


def right(one: Company, given: list[Advice]) -> bool:
    """Whether the planted stage got the planted advice and every other stage was left alone."""
    others = all(advice.kind == "leave" for s, advice in enumerate(given) if s != one.stage or one.plant == "keep")
    return others and (one.plant == "keep" or given[one.stage].code == one.plant)


def lowest_first_is_right(one: Company) -> bool:
    """What "raise the lowest mark" would say, judged kindly: right when raising that stage is part of the planted truth."""
    lowest = int(one.marks[-4:].mean(0).argmin())
    return one.plant.startswith("raise") and lowest == one.stage


def _break(rng: np.random.Generator, plant: str, stage: int, means: np.ndarray, expected: np.ndarray, kept: np.ndarray) -> None:
    """Make the planted stage fall short now; what it reached before, and how low its mark is, depends on the plant."""
    short = rng.uniform(0.9, 1.4)
    expected[stage] = 6.4 if plant == "raise_cannot_lower" else 7.6
    means[:, stage] = expected[stage] - short + rng.normal(0, 0.05, len(means))
    if stage == HARD_STAGE:
        kept[:] = 0.75
    if plant == "raise_delivery":
        means[8:24, stage] = expected[stage] + 0.35
        kept[8:24] = 0.95


def _weekly_marks(rng: np.random.Generator, means: np.ndarray, per_week: np.ndarray) -> np.ndarray:
    return means + rng.normal(size=means.shape) * 1.6 / np.sqrt(per_week)


def _respondents(rng: np.random.Generator, level: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    common = rng.normal(size=(CUSTOMERS, 1))
    x = level + 1.5 * (np.sqrt(0.4) * common + np.sqrt(0.6) * rng.normal(size=(CUSTOMERS, STAGES)))
    return x, x @ slopes + rng.normal(0, 1.0, CUSTOMERS)


def _quarter(one: Company, stage: int, start: int) -> Interval:
    """The mark over weeks from `start` on, with its B3 interval."""
    n = (one.weeks - start) * int(one.per_week[stage])
    return bounded_mean_of(float(one.marks[start:, stage].mean()), 1.6**2, n)


def _survey(one: Company, stage: int, rng: np.random.Generator) -> Interval:
    told = Promise("p", "soft", 0, soft_mark=float(np.clip(one.expected[stage], 1, 10)))
    asked = Survey(float(one.expected[stage] + rng.normal(0, 1.6 / 60**0.5)), 1.6, 60)
    found = expectation([told], DAY_MS, asked)
    assert found is not None
    return found.interval


def _advice(one: Company, stage: int, delivered: Interval, expected: Interval, leading: bool) -> Advice:
    if stage == HARD_STAGE:
        return _hard_advice(one, leading)
    verdict = soft_verdict(gap(delivered, expected), n=4 * int(one.per_week[stage]))
    n = rolling(np.full(one.weeks, float(one.per_week[stage])))
    q = rolling(one.marks[:, stage] * one.per_week[stage]) / np.maximum(n, 1)
    can = soft_capability(q, 1.6 / np.sqrt(np.maximum(n, 1)), n, expected.value, one.weeks)
    promise = Promise("p", "soft", 0, soft_mark=8.0)
    low = _quarter(one, stage, max(0, one.weeks - 13)).low
    return advise(Case(promise, verdict, can, expected.value, soft_low=low, leading=leading))


def _hard_advice(one: Company, leading: bool) -> Advice:
    promise = Promise("p", "hard", 0, metric="first_response", threshold=one.threshold, share=0.90, channel="email")
    verdict: Verdict = hard_verdict(float(one.kept[-4:].sum()), float(one.asked[-4:].sum()), 0.90)
    can = hard_capability(one.kept, one.asked, 0.90)
    late = 3.0 * DAY if one.plant == "raise_cannot_lower" else 6.0 * 3600
    return advise(Case(promise, verdict, can, 0.90, upper=late, leading=leading))
