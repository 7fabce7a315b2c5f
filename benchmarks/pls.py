"""Partial least squares path modelling, as the European satisfaction index uses it: only to check published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def path_coefficients(
    blocks: Mapping[str, np.ndarray], paths: Sequence[tuple[str, str]], rounds: int = 300
) -> dict[tuple[str, str], float]:
    """Standardised path coefficients: `blocks` (answers, items) per latent variable, `paths` (from, to), mode A, centroid scheme.

    Wold 1982; Tenenhaus et al. 2005.
    """
    names = list(blocks)
    items = {name: _standard(block) for name, block in blocks.items()}
    linked = np.array([[(a, b) in paths or (b, a) in paths for b in names] for a in names], float)
    weights = {name: np.ones(block.shape[1]) for name, block in items.items()}
    scores = _scores(items, weights, names)
    for _ in range(rounds):
        inner = scores @ (linked * np.sign(np.corrcoef(scores, rowvar=False)))
        weights = {name: items[name].T @ inner[:, i] for i, name in enumerate(names)}
        scores, previous = _scores(items, weights, names), scores
        if np.abs(scores - previous).max() < 1e-10:
            break
    return _regressions(scores, names, paths)


def _scores(items: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    return _standard(np.column_stack([items[name] @ weights[name] for name in names]))


def _regressions(scores: np.ndarray, names: Sequence[str], paths: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    found = {}
    for target in names:
        sources = [a for a, b in paths if b == target]
        if sources:
            x = scores[:, [names.index(source) for source in sources]]
            beta = np.linalg.lstsq(x, scores[:, names.index(target)], rcond=None)[0]
            found |= {(source, target): float(b) for source, b in zip(sources, beta, strict=True)}
    return {path: found[path] for path in paths}


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(0)) / x.std(0)
