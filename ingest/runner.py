"""The runner: a thread per source, one writer, and a watch over both. One source's fall never stops another.

What a fault does to a source: RateLimited and Transient wait and try again, AuthFault and ConfigFault stop it until a person
acted, anything unforeseen counts as a fall and is tried again ever more slowly. A thread that hangs is left alone and
replaced; nothing that it says later is believed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import AuthFault, Clock, ConfigFault, ConnectorError
from ingest.backoff import Backoff
from ingest.deliveries import readable
from ingest.expiring import known_end
from ingest.feeder import Feeder, Limits, Tripped
from ingest.opening import Place, now_ms
from ingest.sources import Source
from ingest.status import CONFIG, STOPPED, UNREACHABLE, Status, after, refused
from ingest.writer import Writer
from store.corridor.faults import DatabaseFault, is_passing
from store.corridor.sources import report
from store.engine import ms
from store.writes import begin_epoch, read_state

TURN_S, PATIENCE_S = 0.25, 1.5
HEARTBEAT_S = 5.0
MOST_HUNG = 3


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Runner:
    """Runs sources over one store until `stop` is set or nothing is left to run."""

    def __init__(
        self,
        place: Place,
        sources: Sequence[Source],
        stop: threading.Event,
        say: Callable[[str], None],
        *,
        batches: int = 8,
        events: int = 500,
        gather_s: float = 0.25,
        clock: Clock = utc_now,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self.place, self.stop, self._say, self._clock, self._limits = place, stop, say, clock, limits
        self._writer = Writer(place, batches, events, say, gather_s)
        self._sources = [readable(source, place.engine) for source in sources]
        self._feeders: dict[str, Feeder] = {}
        self._hung: dict[str, list[threading.Thread]] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._told: dict[str, tuple[Status, float]] = {}

    def run(self) -> None:
        """Work until stopped, or until every source is done; then say of each that it is not being read."""
        for source in self._sources:
            self._start(source)
        while not self.stop.is_set() and self._busy():
            self._writer.work(TURN_S, self.stop.is_set)
            self._watch()
            self._tell()
        self._end()

    def _start(self, source: Source) -> None:
        if source.fault:
            self._say(f"source {source.name}: {source.fault}")
            self._report(source, Status(CONFIG, "config", {"why": source.fault[:300]}), 0)
            return
        engine = self.place.engine
        epoch = begin_epoch(engine, source.name)
        feeder = Feeder(source, self.place, epoch, read_state(engine, source.name), self._writer.queue, self._clock)
        thread = threading.Thread(target=self._feed, args=(feeder,), name=f"source {source.name}", daemon=True)
        self._feeders[source.name], self._threads[source.name] = feeder, thread
        thread.start()

    def _feed(self, feeder: Feeder) -> None:
        """A source's thread: read, and after a fault wait and read again."""
        backoff = Backoff()
        while not feeder.stop.is_set():
            started = time.monotonic()
            try:
                feeder.pass_through()
                pause, status = self._after_end(feeder, backoff)
            except ConnectorError as fault:
                pause, status = self._after_fault(feeder, fault, backoff, started)
            except Tripped:
                break
            except Exception as fault:  # noqa: BLE001 - the one place where a connector's own mistake ends
                pause = backoff.seconds(None, self._clock())
                status = Status(UNREACHABLE, "fell", {"why": type(fault).__name__, "seconds": round(pause)})
                self._say(f"source {feeder.source.name} fell: {type(fault).__name__} in {_where(fault)}")
            if feeder.stop.is_set():
                break
            feeder.say(status)
            if pause is None:
                break
            feeder.stop.wait(pause)
        feeder.ended.set()

    def _after_end(self, feeder: Feeder, backoff: Backoff) -> tuple[float | None, Status]:
        """What follows when `read` ended by itself: the next poll, the end, or a stream that broke off."""
        mode = feeder.source.mode
        if mode == "poll":
            backoff.worked()
            return feeder.source.connector.capabilities.cadence_s, feeder.finish()
        if mode == "once":
            feeder.settle()
            return None, feeder.finish()
        pause = backoff.seconds(None, self._clock())
        return pause, after(None, pause)

    def _after_fault(
        self, feeder: Feeder, fault: ConnectorError, backoff: Backoff, started: float
    ) -> tuple[float | None, Status]:
        if isinstance(fault, AuthFault | ConfigFault):
            self._say(f"source {feeder.source.name}: {fault}")
            if isinstance(fault, AuthFault):
                return None, refused(fault, known_end(self.place.engine, feeder.source), ms(self._clock()))
            return None, after(fault, 0)
        if time.monotonic() - started > 60:
            backoff.worked()
        pause = backoff.seconds(fault, self._clock())
        return pause, after(fault, pause)

    def _watch(self) -> None:
        """Leave a thread alone that says nothing for too long, and start another in its place."""
        for name, feeder in list(self._feeders.items()):
            quiet_since = feeder.alive_at
            if feeder.ended.is_set() or quiet_since is None or time.monotonic() - quiet_since < self._limits.hung_s:
                continue
            hung = [thread for thread in [*self._hung.get(name, []), self._threads[name]] if thread.is_alive()]
            self._hung[name] = hung
            status = Status(UNREACHABLE, "hung", {"seconds": round(self._limits.hung_s)})
            feeder.say(status)
            feeder.abandoned = True
            feeder.stop.set()
            self._say(f"source {name} says nothing for {self._limits.hung_s:.0f} s; it is left alone and started again")
            self._report(feeder.source, status, feeder.heartbeat_ms)
            if len(hung) < MOST_HUNG:
                self._start(feeder.source)
            else:
                feeder.ended.set()

    def _tell(self) -> None:
        """Write down how each source is doing: at once when that changed, else as a heartbeat."""
        for feeder in self._feeders.values():
            self._settle(feeder)
            status, told_at = self._told.get(feeder.source.name, (None, 0.0))
            now = time.monotonic()
            if feeder.status != status or now - told_at > min(HEARTBEAT_S, feeder.source.connector.capabilities.cadence_s):
                self._told[feeder.source.name] = (feeder.status, now)
                self._report(feeder.source, feeder.status, feeder.heartbeat_ms)

    def _settle(self, feeder: Feeder) -> None:
        """Bring what a source used to the store, with what is left of its budget."""

        def settle() -> None:
            if feeder.meter.settle() and feeder.meter.lines():
                report(self.place.engine, feeder.source.name, now_ms(), budget=feeder.meter.written())

        self._patiently(settle)

    def _report(self, source: Source, status: Status, heartbeat_ms: int) -> None:
        able = source.connector.capabilities
        values = {"connector": source.connector.name, "channel": source.connector.channel, "cadence_s": able.cadence_s}
        values |= {"status": status.state, "detail": status.detail(), "live": status.live, "wall_quotes": able.wall_quotes}
        if heartbeat_ms:
            values["heartbeat_at"] = heartbeat_ms
        self._patiently(lambda: report(self.place.engine, source.name, now_ms(), **values))

    def _patiently(self, work: Callable[[], object]) -> None:
        """Do what can also be done later: a store that is locked or full must not stop the reading."""
        try:
            work()
        except DatabaseFault as fault:
            if not is_passing(fault):
                raise

    def _busy(self) -> bool:
        """Whether to go on: always, unless every source was one that ends, and did."""
        feeders = self._feeders.values()
        ended = feeders and all(feeder.source.mode == "once" and feeder.ended.is_set() for feeder in feeders)
        return not ended or not self._writer.queue.empty()

    def _end(self) -> None:
        """Stop every thread, within the patience; what is not on disk by then comes again at the next start."""
        for feeder in self._feeders.values():
            feeder.stop.set()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and any(t.is_alive() for t in self._threads.values()):
            self._writer.work(0.02, self.stop.is_set)
        for feeder in self._feeders.values():
            self._settle(feeder)
            status = feeder.status
            if status.live:
                status = Status(STOPPED, "not_running")
            self._report(feeder.source, status, feeder.heartbeat_ms)


def _where(fault: BaseException) -> str:
    """File and line of a fault; never its message, which may hold what a customer said."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
