"""A page that fails by a mistake of ours: the reader learns what is safe, and a number leads to the place in the log."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from pages.reader import language
from pages.sheet import el, sheet
from pages.visit import draw_style

ROOT = Path(__file__).resolve().parent.parent
DEPTH = 6
LOG = logging.getLogger("klantblik.pages")


def whole(name: str, show: Callable[[], None]) -> Callable[[], None]:
    """The page's `show`; when it raises, the page says so in the reader's language instead of half a page and a traceback."""

    @wraps(show)
    def told() -> None:
        try:
            show()
        except Exception as fault:  # noqa: BLE001 - the one place where a page's own mistake ends
            _tell(name, fault)

    return told


def place(fault: BaseException) -> str:
    """What was raised, and the way to it through our own files; never its message, which may quote a customer.

    >>> place(ValueError("Jan, 0612345678"))
    'ValueError'
    """
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    way = [f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}" for frame in frames[-DEPTH:]]
    return " < ".join([type(fault).__name__, *reversed(way)])


def _tell(name: str, fault: Exception) -> None:
    number, t = secrets.token_hex(3), language()
    LOG.error("page %s failed, number %s: %s", name, number, place(fault))
    parts = [el("h2", None, t("fault.title")), el("p", None, t("fault.safe")), el("p", "cap", t("fault.next", number=number))]
    draw_style()  # the mistake may have come before the page's own frame
    sheet([el("div", {"class": "state fault", "role": "alert"}, *parts)], "fault")
