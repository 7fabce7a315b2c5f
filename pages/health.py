"""`/healthz` and `/metrics`: what a watchdog asks, as JSON and as plain figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from store.reads.sources import Source, sources_if_reachable

UNREACHABLE = "store unreachable"
TROUBLE = {"stopped", "sign_in", "config", "unreachable"}


def health_report(sources: list[Source], now_ms: int) -> dict[str, Any]:
    """State per source with the age of its last event in seconds; `state` is ok, late or trouble, the worst of them."""
    rows = {source.source: _source(source, now_ms) for source in sources}
    states = {row["state"] for row in rows.values()}
    overall = "trouble" if states & TROUBLE else "late" if "late" in states else "ok"
    return {"state": overall, "sources": rows}


def figures(report: dict[str, Any]) -> str:
    """The same in the text format that Prometheus reads."""
    lines = []
    for name, row in report["sources"].items():
        for key in ("received", "stored", "duplicates", "quarantined"):
            lines.append(f'klantblik_{key}_total{{source="{name}"}} {row[key]}')
        if row["lag_s"] is not None:
            lines.append(f'klantblik_lag_seconds{{source="{name}"}} {row["lag_s"]}')
    return "\n".join(lines) + "\n"


def routes(engine: Callable[[], Any]) -> list[Route]:
    """The two routes; `engine()` gives the store once it is open.

    /healthz answers 200 while the store answers and 503 when it does not; its body tells state, last event and lag per source.
    """

    async def healthz(_: Request) -> Response:
        report = await run_in_threadpool(read_report, engine())
        return JSONResponse(report, status_code=503 if report["state"] == UNREACHABLE else 200)

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(figures(await run_in_threadpool(read_report, engine())))

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


def read_report(engine: Any) -> dict[str, Any]:
    """The report of this store as of now."""
    sources = sources_if_reachable(engine)
    if sources is None:
        return {"state": UNREACHABLE, "sources": {}}
    return health_report(sources, int(time.time() * 1000))


def _source(source: Source, now_ms: int) -> dict[str, Any]:
    lag = round((now_ms - source.last_event_at) / 1000, 1) if source.last_event_at else None
    silent = now_ms - max(source.heartbeat_at, source.last_event_at) > 2000 * source.cadence_s
    state = "late" if source.status == "live" and source.live and silent else source.status
    return {
        "state": state,
        "last_event_at": source.last_event_at or None,
        "lag_s": lag,
        "received": source.received,
        "stored": source.stored,
        "duplicates": source.duplicates,
        "quarantined": source.quarantined,
    }
