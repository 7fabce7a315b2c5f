"""The ingest process: the runner, the jobs and the chores side by side, over one store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from config.active import shown_store
from config.settings import Settings
from ingest import chores, jobs
from ingest.opening import Place
from ingest.runner import Runner
from ingest.sources import Source, configured
from store.corridor.faults import DatabaseFault

MADE_UP = "sample"
LOOK_S = 1.0


def run_until_stopped(
    place: Place, settings: Settings, only: Sequence[str], stop: threading.Event, say: Callable[[str], None]
) -> int:
    """Read the sources and do the jobs until `stop` is set, or until people see another journey than was opened; then 0."""
    halt = threading.Event()
    sources = fitting(configured(settings, only), place.demo)
    names = ", ".join(source.name for source in sources) or "no source"
    say(f"ingest reads {names} into {shown_store(place.url)}")
    beside = [
        threading.Thread(target=jobs.work, args=(place, halt, say), name="jobs", daemon=True),
        threading.Thread(target=chores.keep, args=(chores.chores(place, settings), halt, say), name="chores", daemon=True),
    ]
    asking = chores.upstream(place, sources, halt, say)
    beside.append(threading.Thread(target=chores.keep, args=(asking, halt, say), name="upstream", daemon=True))
    beside.append(threading.Thread(target=_watch, args=(place, stop, halt, say), name="watch", daemon=True))
    for thread in beside:
        thread.start()
    options = settings.ingest
    limits = {"batches": options.queue_batches, "events": options.batch_events, "gather_s": options.batch_milliseconds / 1000}
    Runner(place, sources, halt, say, **limits).run()
    halt.set()
    for thread in beside:
        thread.join(0.5)
    say("ingest has stopped")
    return 0


def _watch(place: Place, stop: threading.Event, halt: threading.Event, say: Callable[[str], None]) -> None:
    """Halt when told to stop, or when the journey was changed: every part must read by the new one."""
    while not halt.is_set() and not stop.wait(LOOK_S):
        with suppress(DatabaseFault):  # a store that does not answer now says nothing of its journey
            if not place.is_current():
                say("the journey was changed; going on with the new one")
                break
    halt.set()


def fitting(sources: Sequence[Source], demo: bool) -> list[Source]:
    """The sources that may enter this store: the made-up ones a demo, the real ones any other."""
    return [source for source in sources if (source.connector.name == MADE_UP) == demo]
