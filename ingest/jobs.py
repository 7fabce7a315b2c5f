"""Jobs: long work that somebody asked for on screen; one at a time, with progress, and resumed after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.files.connector import Files
from ingest import mailing
from ingest.importing import Request, import_file, plan
from ingest.leaks import remask
from ingest.listing import check
from ingest.opening import Place, now_ms
from ingest.preview import lines, look
from ingest.rescoring import rescore
from ingest.retrying import retry
from ingest.training import train
from store.corridor.imports import remembered_mapping
from store.corridor.jobs import Job, claim, close, progress, put_back
from store.undo import undo_import

LOOK_S = 1.0
DEAD_MS = 60_000
PARTS = 1_000


class Cancelled(Exception):
    """Somebody asked this job to stop."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job in hand: `heard` tells how far it is, and False when it must stop."""

    place: Place
    job: Job
    stop: threading.Event

    def heard(self, done: int, total: int, so_far: dict[str, Any] | None = None) -> bool:
        """Whether to go on; raises Cancelled when somebody asked to stop for good."""
        if not progress(self.place.engine, self.job.id, done, total, now_ms(), so_far):
            raise Cancelled
        return not self.stop.is_set()


def work(place: Place, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Do jobs until `stop` is set."""
    while not stop.is_set():
        if not work_once(place, stop, say):
            stop.wait(LOOK_S)


def work_once(place: Place, stop: threading.Event, say: Callable[[str], None]) -> bool:
    """Do the oldest job there is; False when there is none."""
    job = None
    try:
        job = claim(place.engine, now_ms(), DEAD_MS)
        if job is None:
            return False
        if not place.is_current():  # asked for after the journey was changed: the next process knows the new one
            put_back(place.engine, job.id)
            return False
        result = KINDS[job.kind](Work(place, job, stop)) if job.kind in KINDS else None
        if stop.is_set():
            put_back(place.engine, job.id)
        elif result is None:
            close(place.engine, job.id, "failed", {"key": "ingest.unknown_job", "values": {"kind": job.kind}}, now_ms())
        else:
            close(place.engine, job.id, "done", result, now_ms())
    except Cancelled:
        close(place.engine, job.id, "cancelled", {}, now_ms())  # type: ignore[union-attr]
    except Exception as fault:  # noqa: BLE001 - the one place where a job's own mistake ends
        if job is None:
            say(f"jobs cannot be looked up just now ({type(fault).__name__}); looking again in {LOOK_S:.0f} s, nothing is lost")
            return False
        say(f"job {job.id} failed: {type(fault).__name__}")
        close(place.engine, job.id, "failed", {"key": "ingest.job_failed", "values": {"why": str(fault)[:300]}}, now_ms())
    return True


def _import(work: Work) -> dict[str, Any]:
    outcome = import_file(work.place, _request(work), lambda share, _rows: work.heard(round(share * PARTS), PARTS))
    record = outcome.record
    counts = {name: getattr(record, name) for name in ("received", "stored", "duplicates", "quarantined")}
    return {"import": record.id, "already": outcome.already, **counts, "reasons": outcome.reasons}


def _retry(work: Work) -> dict[str, Any]:
    return asdict(retry(work.place, work.job.arguments.get("source", ""), lambda done: work.heard(done, 0)))


def _rescore(work: Work) -> dict[str, Any]:
    before = work.job.result
    base = int(before.get("read", 0))

    def heard(done: int, total: int, after: int) -> bool:
        return work.heard(base + done, total, {"read": base + done, "after": after})

    return asdict(rescore(work.place, heard, int(before.get("after", 0))))


def _preview(work: Work) -> dict[str, Any]:
    """How the file would be read, as the lines that the command line prints, and the mapping that its headers suggest."""
    request = _request(work)
    planned = plan(request, remembered_mapping(work.place.engine, request.source))
    zone = ZoneInfo(request.timezone or work.place.zone)
    found = look(planned, work.place.pipeline(request.source, Files.version), zone, request.order, now_ms())
    return {"lines": lines(planned, found, zone), "map": planned.mapping.written(), "channel": planned.channel}


def _undo(work: Work) -> dict[str, Any]:
    return asdict(undo_import(work.place.engine, int(work.job.arguments["import"]), now_ms=now_ms(), zone=work.place.zone))


def _check(work: Work) -> dict[str, Any]:
    """Whether a source can be reached with its settings, in the words of its connector."""
    said: list[str] = []
    code = check(str(work.job.arguments["source"]), said.append)
    return {"ok": code == 0, "lines": said}


def _remask(work: Work) -> dict[str, Any]:
    return asdict(remask(work.place, int(work.job.arguments["contact"])))


def _train(work: Work) -> dict[str, Any]:
    return train(work.place, work.heard)


def _request(work: Work) -> Request:
    given = work.job.arguments
    return Request(**{**given, "file": Path(given["file"]), "header": tuple(given.get("header", ()))})


def _report(work: Work) -> dict[str, Any]:
    return mailing.post(work.place, work.job.arguments, lambda: work.heard(0, 0))


def _outbox(work: Work) -> dict[str, Any]:
    return mailing.hand_in(lambda: work.heard(0, 0))


KINDS: dict[str, Callable[[Work], dict[str, Any]]] = {
    "import": _import,
    "preview": _preview,
    "undo": _undo,
    "check": _check,
    "retry": _retry,
    "rescore": _rescore,
    "remask": _remask,
    "train": _train,
    "report": _report,
    "outbox": _outbox,
}
