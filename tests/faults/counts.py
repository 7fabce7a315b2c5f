"""How often a fault is tried: once or a few times in `make test`, more in `make faults`, many times in `make faults-full`."""

from __future__ import annotations

import os
import random
from typing import TypeVar

Count = TypeVar("Count")
MODE = os.environ.get("KLANTBLIK_FAULTS", "")
if MODE not in ("", "ci", "full"):
    raise ValueError(f"KLANTBLIK_FAULTS: found {MODE!r}, expected ci or full, or nothing for a quick run.")


def times(quick: Count, ci: Count, full: Count) -> Count:
    """The count of this run, or whatever else differs between the three."""
    return {"ci": ci, "full": full}.get(MODE, quick)


def chance() -> random.Random:
    """A source of chance: the same in `make test`, so that a commit fails by what it changes; new and printed elsewhere."""
    seed = random.randrange(10**6) if MODE else 7
    print(f"seed {seed}")
    return random.Random(seed)
