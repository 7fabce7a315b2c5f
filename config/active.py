"""Which store is open: the environment decides, else the one chosen on screen, else the setting (the demo)."""

from __future__ import annotations

import os
from pathlib import Path

from config.settings import ROOT, settings

CHOICE = ROOT / "data" / "active-store"
UPLOADS = ROOT / "data" / "uploads"  # the web process lays files there, ingest reads and removes them
DEMO = "sqlite:///data/demo.db"
REAL = "sqlite:///data/klantblik.db"


def active_store() -> str:
    """The URL of the store to open now."""
    if "KLANTBLIK_STORE_URL" in os.environ or not CHOICE.exists():
        return settings().store.url
    return CHOICE.read_text(encoding="utf8").strip() or settings().store.url


def choose_store(url: str, file: Path = CHOICE) -> None:
    """Remember the store that a person chose on screen; the supervisor restarts both processes on it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(url + "\n", encoding="utf8")
    fresh.replace(file)


def shown_store(url: str) -> str:
    """The store's URL without a password, fit for a screen or a log.

    >>> shown_store("postgresql+psycopg://me:secret@db/klantblik")
    'postgresql+psycopg://me:***@db/klantblik'
    """
    scheme, mark, rest = url.partition("://")
    user, at, host = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{scheme}{mark}{name}{':***' if colon else ''}{at}{host}"
