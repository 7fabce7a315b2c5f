"""Measures of a labelling against the truth; an abstention (None) counts as a miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

BINS = 10
UNPLACED = "-"


def per_class(truth: Sequence[str], called: Sequence[str | None]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 (0..1) and number of true cases per class that occurs in either list."""
    found = {}
    for name in sorted(set(truth) | {label for label in called if label}):
        right = sum(t == name == c for t, c in zip(truth, called, strict=True))
        real, said = sum(t == name for t in truth), sum(c == name for c in called)
        precision, recall = right / said if said else 0.0, right / real if real else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        found[name] = {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "n": real}
    return found


def macro_f1(truth: Sequence[str], called: Sequence[str | None]) -> float:
    """The mean F1 over the classes that truly occur.

    >>> macro_f1(["a", "a", "b"], ["a", "a", "b"])
    1.0
    """
    scores = [one["f1"] for one in per_class(truth, called).values() if one["n"]]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def confusion(truth: Sequence[str], called: Sequence[str | None]) -> dict[str, dict[str, int]]:
    """How often each true class was called what; abstentions under '-'."""
    counts = Counter((t, c or UNPLACED) for t, c in zip(truth, called, strict=True))
    columns = sorted({c for _, c in counts})
    return {name: {c: counts[(name, c)] for c in columns} for name in sorted(set(truth))}


def calibration_error(right: Sequence[bool], sure: Sequence[float]) -> float | None:
    """Expected calibration error over ten bins of stated chance (Naeini, Cooper & Hauskrecht 2015); None without cases.

    >>> calibration_error([True, True, False, False], [0.5, 0.5, 0.5, 0.5])
    0.0
    """
    if not right:
        return None
    bins: dict[int, list[tuple[bool, float]]] = {}
    for ok, chance in zip(right, sure, strict=True):
        bins.setdefault(min(int(chance * BINS), BINS - 1), []).append((ok, chance))
    gaps = [abs(sum(ok for ok, _ in some) - sum(chance for _, chance in some)) for some in bins.values()]
    return round(sum(gaps) / len(right), 4)


def net(compounds: Sequence[float], clear: float = 0.05) -> float:
    """Share above `clear` minus share below -`clear`: the net sentiment that a lexicon alone would report."""
    up, down = sum(value > clear for value in compounds), sum(value < -clear for value in compounds)
    return round((up - down) / len(compounds), 4) if compounds else 0.0
