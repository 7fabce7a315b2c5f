"""The build id: what a screen was drawn with, so that it loads itself again once after an upgrade, and not after a restart."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
ORDER = ("nodes", "words", "curve", "panels", "slides", "show", "link", "wall")


@lru_cache(maxsize=1)
def script() -> str:
    """The component's script: the parts of pages/wall/*.js as one module, in order of use."""
    return "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf8") for name in ORDER)


@lru_cache(maxsize=1)
def style() -> str:
    """The component's style sheet."""
    return (FOLDER / "wall.css").read_text(encoding="utf8")


@lru_cache(maxsize=1)
def build_id() -> str:
    """Twelve hexadecimal digits over everything that a screen keeps until it is loaded again."""
    digest = hashlib.sha256()
    languages = FOLDER.parent.parent / "config" / "languages"
    for path in sorted([*FOLDER.glob("*.js"), *FOLDER.glob("*.css"), FOLDER / "page.py", *languages.glob("??.toml")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
