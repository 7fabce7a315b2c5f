"""Honest averages: planted confusion comes out again, and the interval covers the truth as often as it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text.honest import true_mean, true_shares

CLASSES = ("negative", "neutral", "positive")
CONFUSION = np.array([[0.8, 0.15, 0.05], [0.2, 0.7, 0.1], [0.1, 0.15, 0.75]])
MARKS = {"negative": 1.0, "neutral": 5.5, "positive": 10.0}
RUNS = 500


def planted(shares, labelled, counted, seed):
    """A labelled sample and counts by a classifier with CONFUSION, over texts of which `shares` are of each class."""
    chance = np.random.default_rng(seed)
    truth = chance.choice(3, labelled, p=[0.4, 0.3, 0.3])
    sample = [(CLASSES[t], CLASSES[chance.choice(3, p=CONFUSION[t])]) for t in truth]
    real = chance.multinomial(counted, shares)
    counts = sum(chance.multinomial(n, row) for n, row in zip(real, CONFUSION, strict=True))
    return dict(zip(CLASSES, map(int, counts), strict=True)), sample


@pytest.mark.parametrize(("shares", "labelled", "counted"), [((0.6, 0.3, 0.1), 300, 2000), ((0.3, 0.4, 0.3), 200, 800)])
def test_the_interval_covers_the_truth_in_93_to_97_percent_of_runs(shares, labelled, counted):
    mean = float(np.dot(shares, list(MARKS.values())))
    covered = 0
    for seed in range(RUNS):
        counts, sample = planted(shares, labelled, counted, seed)
        found = true_mean(counts, sample, MARKS, seed=seed)
        covered += found.low <= mean <= found.high
    assert 0.93 <= covered / RUNS <= 0.97


def test_planted_shares_come_back_where_a_plain_count_is_far_off():
    counts, sample = planted((0.7, 0.2, 0.1), 3000, 200_000, seed=1)
    found = true_shares(counts, sample)
    assert found.share[0] == pytest.approx(0.7, abs=0.03)
    assert abs(counts["negative"] / 200_000 - 0.7) > 0.06


def test_shares_are_shares():
    counts, sample = planted((0.97, 0.02, 0.01), 300, 500, seed=3)
    found = true_shares(counts, sample)
    assert sum(found.share) == pytest.approx(1, abs=1e-3) and min(found.share) >= 0
    assert all(low <= share <= high for low, share, high in zip(found.low, found.share, found.high, strict=True))
    assert found.labelled == 300


def test_too_small_a_sample_gives_no_number():
    counts, sample = planted((0.6, 0.3, 0.1), 40, 500, seed=1)
    assert true_shares(counts, sample) is None
    assert true_mean(counts, sample, MARKS) is None


def test_a_classifier_that_tells_nothing_gives_no_number():
    sample = [(truth, called) for truth in CLASSES for called in CLASSES] * 30
    assert true_shares({"negative": 10, "neutral": 10, "positive": 10}, sample) is None


def test_nothing_counted_gives_no_number():
    _, sample = planted((0.6, 0.3, 0.1), 300, 500, seed=1)
    assert true_shares({}, sample) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 5))
def test_a_mean_lies_within_its_interval(a, b, c, seed):
    _, sample = planted((0.5, 0.3, 0.2), 300, 10, seed)
    found = true_mean({"negative": a, "neutral": b, "positive": c}, sample, MARKS, seed=seed)
    assert found is None or found.low <= found.value <= found.high
    assert found is None or 1 <= found.value <= 10


def test_the_same_seed_gives_the_same_interval():
    counts, sample = planted((0.6, 0.3, 0.1), 300, 500, seed=1)
    assert true_mean(counts, sample, MARKS) == true_mean(counts, sample, MARKS)
