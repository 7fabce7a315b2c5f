"""Calls into libraries that cannot be interrupted, made in a thread of their own so that `stop` is obeyed and a hang ends."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from connectors.base import Transient

Kind = TypeVar("Kind")
SLICE = 0.25


class Stopped(Transient):
    """The runner asked to stop while an answer was awaited."""


def aside(call: Callable[[], Kind], stop: threading.Event, deadline_s: float) -> Kind:
    """What `call` gives, or the fault it raises; Stopped within 0.25 s of `stop`, Transient after `deadline_s` seconds.

    A call that is given up goes on in its daemon thread until its own time-out, and its answer is dropped.
    """
    answer: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
    within = contextvars.copy_context()  # so that what it calls is counted on the meter of who asked
    threading.Thread(target=within.run, args=(_run, call, answer), name="aside", daemon=True).start()
    until = time.monotonic() + deadline_s
    while True:
        try:
            good, found = answer.get(timeout=SLICE)
        except queue.Empty:
            if stop.is_set():
                raise Stopped("stopped while waiting for an answer") from None
            if time.monotonic() > until:
                raise Transient(f"no answer within {deadline_s:.0f} s") from None
            continue
        if good:
            return found
        raise found


def _run(call: Callable[[], Any], answer: queue.SimpleQueue) -> None:
    try:
        answer.put((True, call()))
    except Exception as fault:  # noqa: BLE001 - not swallowed: it is raised again in the thread that waits
        answer.put((False, fault))
