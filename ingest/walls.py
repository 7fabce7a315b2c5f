"""Walls on the command line: list the screens, confirm the code that one shows, take its right away."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ingest.errors import Unfit
from store.people.walls import confirm, revoke, screens


def lines(engine: Any, action: str, given: str, name: str, now_ms: int) -> Iterator[str]:
    """What an action prints. Unfit when its code or number is missing; NotFound when there is no such screen."""
    if action == "list":
        for screen in screens(engine):
            seen = f"{datetime.fromtimestamp(screen.seen_at / 1000, UTC):%Y-%m-%d %H:%M}" if screen.seen_at else "never"
            yield f"{screen.id:>4}  {screen.name:<24} {'allowed' if screen.allowed else 'revoked':<8} last seen {seen}"
        return
    if not given:
        raise Unfit(
            f"wall {action}: found nothing, expected {'the code on the screen' if action == 'confirm' else 'its number'}."
        )
    if action == "confirm":
        screen = confirm(engine, given, who(), name or "Wall", now_ms)
        yield f"screen {screen.id} ({screen.name}) may show the wall"
        return
    if not given.isdecimal():
        raise Unfit(f"wall revoke: found {given!r}, expected the number of a screen (python -m ingest wall list).")
    screen = revoke(engine, int(given), who(), now_ms)
    yield f"screen {screen.id} ({screen.name}) may no longer show the wall"


def who() -> str:
    """Who does it, for the audit: the user of this terminal."""
    try:
        return f"terminal {getpass.getuser()}"
    except (KeyError, OSError):
        return "terminal"
