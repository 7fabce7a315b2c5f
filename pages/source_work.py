"""Long work under way: how far it is, how fast, how long still, what came of it; it survives a closed tab and a restart."""

from __future__ import annotations

from typing import Any

import streamlit as st

from config.wording import duration
from pages.rights import cancel, jobs
from pages.sheet import el, sheet
from pages.visit import Visit, freshness, utc_now_ms
from store.corridor.jobs import OPEN, Job

SHOWN = 8
LOOK_S = 1.0
COUNTS = ("received", "stored", "duplicates", "quarantined", "removed", "kept")


def draw(visit: Visit) -> None:
    """Draw the section; while anything runs it looks again, and when all is done the whole page shows what came of it."""
    busy = any(job.state in OPEN for job in jobs(visit.store, SHOWN))
    st.fragment(_list, run_every=LOOK_S if busy else None)(visit, busy)


def pace(job: Job, now_ms: int) -> tuple[float, float]:
    """How much a job does per second, and the seconds it still needs (0 when it cannot be told).

    >>> pace(Job(1, "import", {}, "running", 500, 1000, 0, 1_000, 0, 0, {}), 6_000)
    (100.0, 5.0)
    """
    seconds = max(0.0, (now_ms - job.started_at) / 1000)
    if not job.started_at or not job.done or not seconds:
        return 0.0, 0.0
    speed = job.done / seconds
    return speed, max(0.0, (job.total - job.done) / speed) if job.total else 0.0


def _list(visit: Visit, busy: bool) -> None:
    t, found = visit.t, jobs(visit.store, SHOWN)
    if busy and not any(job.state in OPEN for job in found):
        st.rerun()
    sheet([el("h2", "section", t("jobs.title")), el("p", "cap", t("jobs.none" if not found else "jobs.caption"))], "jobs")
    for job in found:
        _job(job, visit)


def _job(job: Job, visit: Visit) -> None:
    t = visit.t
    words, bar, act = st.columns([2.6, 2.4, 0.8], vertical_alignment="center")
    name = t(f"jobs.{job.kind}") if t.has(f"jobs.{job.kind}") else job.kind
    about = str(job.arguments.get("source") or job.arguments.get("import") or "")
    with words:
        title = el("p", None, el("b", None, f"{name} {about}".strip()), f" · {freshness(job.created_at, visit)}")
        sheet([title, el("div", "small", _outcome(job, visit))], f"job-{job.id}")
    if job.state in OPEN:
        share = min(1.0, job.done / job.total) if job.total else 0.0
        _, left = pace(job, utc_now_ms())
        bar.progress(share, text=t("jobs.left", time=duration(t, left)) if left else t(f"jobs.is_{job.state}"))
        if visit.person.may("manager") and act.button(t("jobs.cancel"), key=f"cancel-{job.id}", width="stretch"):
            cancel(visit.store, job.id, utc_now_ms())
            st.rerun()


def _outcome(job: Job, visit: Visit) -> str:
    """The state in words, with the counts or the reason that the job left behind."""
    t, result = visit.t, job.result
    state = t(f"jobs.is_{job.state}")
    if job.state == "failed":
        return f"{state}: {_reason(result, visit)}"
    if result.get("lines"):
        return f"{state}: {' '.join(result['lines'][-1:])}"
    counts = {
        name: result[name] for name in ("received", "stored", "duplicates", "quarantined", "removed", "kept") if name in result
    }
    said = ", ".join(f"{t(f'jobs.n_{name}')} {t.whole(count)}" for name, count in counts.items() if isinstance(count, int))
    return f"{state}: {said}" if said else state


def _reason(result: dict[str, Any], visit: Visit) -> str:
    key = str(result.get("key", ""))
    return visit.t(key, **result.get("values", {})) if visit.t.has(key) else ""
