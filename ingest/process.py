"""The ingest process: the runner, the jobs and the chores side by side, over one store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from config.active import shown_store
from config.settings import Settings
from ingest import chores, jobs
from ingest.opening import Place
from ingest.runner import Runner
from ingest.sources import Source, configured

MADE_UP = "sample"


def run_until_stopped(
    place: Place, settings: Settings, only: Sequence[str], stop: threading.Event, say: Callable[[str], None]
) -> int:
    """Read the sources and do the jobs until `stop` is set; 0 when it was."""
    sources = fitting(configured(settings, only), place.demo)
    names = ", ".join(source.name for source in sources) or "no source"
    say(f"ingest reads {names} into {shown_store(place.url)}")
    beside = [
        threading.Thread(target=jobs.work, args=(place, stop, say), name="jobs", daemon=True),
        threading.Thread(target=chores.keep, args=(chores.chores(place, settings), stop, say), name="chores", daemon=True),
    ]
    asking = chores.upstream(place, sources, stop, say)
    beside.append(threading.Thread(target=chores.keep, args=(asking, stop, say), name="upstream", daemon=True))
    for thread in beside:
        thread.start()
    options = settings.ingest
    limits = {"batches": options.queue_batches, "events": options.batch_events, "gather_s": options.batch_milliseconds / 1000}
    Runner(place, sources, stop, say, **limits).run()
    stop.set()
    for thread in beside:
        thread.join(0.5)
    say("ingest has stopped")
    return 0


def fitting(sources: Sequence[Source], demo: bool) -> list[Source]:
    """The sources that may enter this store: the made-up ones a demo, the real ones any other."""
    return [source for source in sources if (source.connector.name == MADE_UP) == demo]
