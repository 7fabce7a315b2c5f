"""Death at a named place: a process of its own that kills itself with SIGKILL when a function is called for the nth time."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

NEVER = 7


def die(*_: Any, **__: Any) -> None:
    """End this process as a power cut would: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying(work: Callable[[], object], *patches: tuple[Any, str], nth: int = 1) -> None:
    """Do the work in a child that dies at the nth call of a patched function; AssertionError when it never got there."""
    assert died(work, *patches, nth=nth), "the fault point was never reached"


def died(work: Callable[[], object], *patches: tuple[Any, str], nth: int = 1) -> bool:
    """Whether the child died there; False when it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            for owner, name in patches:
                setattr(owner, name, _fatal(getattr(owner, name), nth))
            work()
            os._exit(NEVER)
        finally:
            traceback.print_exc()
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == NEVER, "the work failed by itself"
    return os.WIFSIGNALED(status)


def at_commit(engine: Engine, nth: int) -> None:
    """Let this process die just before the nth commit of the engine from now on."""
    calls = iter(range(1, nth + 1))
    event.listen(engine, "commit", lambda _: die() if next(calls) == nth else None)


def at_statement(engine: Engine, nth: int) -> None:
    """Let this process die just before the nth statement of the engine from now on."""
    calls = iter(range(1, nth + 1))
    event.listen(engine, "before_cursor_execute", lambda *_: die() if next(calls) == nth else None)


def _fatal(whole: Callable[..., Any], nth: int) -> Callable[..., Any]:
    calls = iter(range(1, nth + 1))

    def counted(*arguments: Any, **named: Any) -> Any:
        if next(calls) == nth:
            die()
        return whole(*arguments, **named)

    return counted
