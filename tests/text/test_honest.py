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


@pytest.mark.parametrize("shares", [(0.6, 0.3, 0.1), (0.2, 0.2, 0.6)])
def test_the_interval_of_each_share_covers_it_in_93_to_98_percent_of_runs(shares):
    """A share near zero is cut off there, which can only make its interval cover more."""
    covered = np.zeros(3)
    for seed in range(RUNS):
        counts, sample = planted(shares, 300, 1500, seed)
        found = true_shares(counts, sample, seed=seed)
        covered += [low <= share <= high for low, share, high in zip(found.low, shares, found.high, strict=True)]
    assert (covered / RUNS >= 0.925).all() and (covered / RUNS <= 0.985).all()


def test_a_plain_count_would_not_cover_it():
    """The same runs with the shares as counted and their usual interval: bias, not chance, is what misleads."""
    shares, inside = (0.6, 0.3, 0.1), 0
    for seed in range(200):
        counts, _ = planted(shares, 300, 1500, seed)
        counted = counts["negative"] / 1500
        inside += abs(counted - shares[0]) <= 1.96 * np.sqrt(counted * (1 - counted) / 1500)
    assert inside / 200 < 0.05


@pytest.mark.parametrize(("small", "large"), [(100, 1000), (300, 3000)])
def test_more_labels_give_a_narrower_interval(small, large):
    widths = []
    for labelled in (small, large):
        counts, sample = planted((0.5, 0.3, 0.2), labelled, 5000, seed=4)
        found = true_mean(counts, sample, MARKS)
        widths.append(found.high - found.low)
    assert widths[0] > 1.5 * widths[1]


def test_more_contacts_give_a_narrower_interval_until_the_labels_are_what_limits():
    widths = []
    for counted in (60, 600, 60_000):
        counts, sample = planted((0.5, 0.3, 0.2), 400, counted, seed=4)
        found = true_mean(counts, sample, MARKS)
        widths.append(found.high - found.low)
    assert widths[0] > widths[1] > widths[2] > 0.1


def test_a_perfect_classifier_needs_no_correction():
    sample = [(name, name) for name in CLASSES for _ in range(400)]
    found = true_shares({"negative": 600, "neutral": 300, "positive": 100}, sample)
    assert found.share == pytest.approx((0.6, 0.3, 0.1), abs=0.005)


def test_two_classes_are_enough():
    sample = [("a", "a")] * 80 + [("a", "b")] * 20 + [("b", "b")] * 90 + [("b", "a")] * 10
    found = true_shares({"a": 450, "b": 550}, sample, ("a", "b"))
    assert found.share[0] == pytest.approx(0.5, abs=0.01)


def test_the_mean_lies_between_the_lowest_and_the_highest_mark():
    for seed in range(40):
        counts, sample = planted((0.96, 0.02, 0.02), 150, 80, seed)
        found = true_mean(counts, sample, MARKS, seed=seed)
        assert found is None or 1.0 <= found.value <= 10.0


@settings(max_examples=30, deadline=None)
@given(st.permutations(CLASSES))
def test_the_order_of_classes_changes_no_share(order):
    counts, sample = planted((0.5, 0.3, 0.2), 300, 2000, seed=2)
    plain, turned = true_shares(counts, sample), true_shares(counts, sample, tuple(order))
    assert dict(zip(turned.classes, turned.share, strict=True)) == pytest.approx(
        dict(zip(plain.classes, plain.share, strict=True)), abs=2e-4
    )
