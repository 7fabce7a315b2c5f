"""Chance that remembers: numbers that follow from a key alone, so that a customer is the same one in every week."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(keys: Array, salt: int = 0) -> Array:
    """64 well mixed bits per key (whole numbers of any size in an array); the finaliser of SplitMix64 (Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        bits = keys.astype(np.uint64) + _STEP * np.uint64(salt + 1)
        bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
        bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))


def share(keys: Array, salt: int = 0) -> Array:
    """A number in [0, 1) per key."""
    return (mixed(keys, salt) >> np.uint64(11)).astype(float) * 2.0**-53


def bell(keys: Array, salt: int = 0) -> Array:
    """A number with mean 0 and standard deviation 1 per key: the sum of three shares, so never beyond 3."""
    return 2.0 * (share(keys, 3 * salt) + share(keys, 3 * salt + 1) + share(keys, 3 * salt + 2) - 1.5)


def seeded(*keys: int) -> np.random.Generator:
    """A generator that the keys decide: the same keys give the same draws, in every process."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([key & 0xFFFFFFFF for key in keys])))
