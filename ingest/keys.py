"""Keyed hashes: an author's id at a source never enters the store, only what a secret key makes of it.

The key stands in KLANTBLIK_KEY (or KLANTBLIK_KEY_FILE), else in data/.key, made at first use and readable by its owner only.
It must outlive the store: with another key nobody can be found or forgotten again, and every customer becomes a new one.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from config.errors import ConfigError
from config.settings import ROOT

FILE = ROOT / "data" / ".key"
SHORTEST = 16
EVERYWHERE = "customer:"
LENGTH = 32


def load_key(environ: Mapping[str, str] | None = None, file: Path = FILE) -> bytes:
    """The key's bytes, made and kept (mode 0600) when there is none yet; ConfigError when it is too short to be a secret."""
    env = os.environ if environ is None else environ
    if "KLANTBLIK_KEY" in env:
        return _checked(env["KLANTBLIK_KEY"], "KLANTBLIK_KEY")
    chosen = Path(env["KLANTBLIK_KEY_FILE"]) if "KLANTBLIK_KEY_FILE" in env else file
    if not chosen.exists():
        _make(chosen)
    return _checked(chosen.read_text(encoding="utf8"), str(chosen))


def keyed(key: bytes, source: str, id: str) -> str:
    """The keyed hash (32 hexadecimal digits of HMAC-SHA-256) of an id at a source; the same id at another source is another one.

    An id that begins with `customer:` is the company's own customer number: it is the same person at every source.

    >>> keyed(b"k" * 16, "x", "7") == keyed(b"k" * 16, "chat", "7")
    False
    >>> keyed(b"k" * 16, "x", "customer:7") == keyed(b"k" * 16, "chat", "customer:7")
    True
    """
    where = "" if id.startswith(EVERYWHERE) else source
    said = f"{where}\0{id}".encode("utf-8", "replace")
    return hmac.digest(key, said, "sha256").hex()[:LENGTH]


def fingerprint(key: bytes) -> str:
    """What a store may know of its key: enough to notice another one, nothing that leads back to it."""
    return hmac.digest(key, b"klantblik fingerprint", "sha256").hex()[:16]


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(32) + "\n")


def _checked(text: str, where: str) -> bytes:
    key = text.strip()
    if len(key) < SHORTEST:
        found = f"{len(key)} characters"
        raise ConfigError(
            where, found, f"at least {SHORTEST}", "Make one: python -c 'import secrets; print(secrets.token_hex(32))'."
        )
    return key.encode()
