"""The effects of the story on one set of contacts, worked out once per effect."""

from __future__ import annotations

import numpy as np

from connectors.sample.chance import Array
from connectors.sample.story import Effect, Story


class Effects:
    """What the story does to contacts at moments `at` (UTC ms), in stages and channels by number (arrays of one length)."""

    def __init__(self, story: Story, at: Array, stage: Array, channel: Array) -> None:
        self._size = len(at)
        near = story.within(float(at.min()), float(at.max()) + 1) if len(at) else []
        held = ((effect, effect.strength(at, stage, channel)) for effect in near)
        self._held: list[tuple[Effect, Array]] = [(effect, strength) for effect, strength in held if strength.any()]

    def added(self, name: str) -> Array:
        """What the story adds to marks, or to a share such as `abandoned`."""
        total = np.zeros(self._size)
        for effect, strength in self._held:
            if name in effect.shifts:
                total += effect.shifts[name] * strength
        return total

    def times(self, name: str) -> Array:
        """By what the story multiplies durations, or `volume`."""
        total = np.ones(self._size)
        for effect, strength in self._held:
            if name in effect.shifts:
                total *= 1 + (effect.shifts[name] - 1) * strength
        return total

    def subjects(self) -> list[tuple[str, int, Array]]:
        """The subjects that the story brings up: topic, tone (-1: the contact's own), and the chance per contact."""
        return [(effect.topic, effect.tone, effect.share * strength) for effect, strength in self._held if effect.topic]
