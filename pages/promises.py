"""Marketing's page: what we promise, whether it is kept, and what to do about it."""

from __future__ import annotations

from pages.visit import begin


def show() -> None:
    """Draw the page."""
    begin("promises", "viewer", "manager", "marketing", "privacy")
