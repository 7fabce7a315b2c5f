"""The ingest of the soak: fifty messages a second until it is stopped: python -m tests.faults.soaking STORE_URL ACKNOWLEDGED."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from config.settings import read_settings
from ingest import process
from ingest.opening import open_place
from ingest.sources import Source
from tests.ingest.fakes import Config
from tests.ingest.kills import Redelivering

A_SECOND = 50


class Steady(Redelivering):
    """As many messages a second as a busy company has; a batch waits for the time that its messages take."""

    def read(self, config, state, stop, clock):
        for batch in super().read(config, state, stop, clock):
            yield batch
            stop.wait(len(batch.events) / A_SECOND)


def main(url: str, acknowledged: str) -> None:
    """The whole ingest process, with its jobs and chores, over this one source."""
    stop, settings = threading.Event(), read_settings(environ={})
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    process.configured = lambda *_: [Source("redelivering", Steady(Path(acknowledged), None, False), Config())]
    place = open_place(url, settings)
    process.run_until_stopped(place, settings, (), stop, lambda line: print(line, flush=True))
    place.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
