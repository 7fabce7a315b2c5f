"""Importing a file on screen: put it in, see how it would be read, import it, and take it back if it was wrong."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import streamlit as st

from config.active import UPLOADS
from pages.rights import ask, jobs, read_imports
from pages.sheet import Node, el, sheet
from pages.visit import Visit, freshness, utc_now_ms
from store.corridor.jobs import Job
from store.reads.sources import Import

TYPES = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "parquet", "gz"]
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def draw(visit: Visit) -> None:
    """Draw the section."""
    t = visit.t
    sheet(
        [el("h2", "section", t("imports.title")), el("p", "cap", t("imports.demo" if visit.demo else "imports.caption"))],
        "imports",
    )
    if not visit.demo and visit.person.may("manager", "marketing"):
        _upload(visit)
    found = read_imports(visit.store)
    if found:
        sheet([el("div", "scroll", _table(found, visit))], "import-list")
        _undo(found, visit)


def kept(name: str, content: bytes, folder: Path = UPLOADS) -> Path:
    """Keep an uploaded file in a folder named after its content, so that the same file twice is one, and give its place.

    Its own name stays: the list of imports shows it.
    """
    place = folder / hashlib.sha256(content).hexdigest()[:16] / UNSAFE.sub("_", Path(name).name)[-80:]
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        fresh = place.with_suffix(place.suffix + ".new")
        fresh.write_bytes(content)
        fresh.replace(place)
    return place


def _upload(visit: Visit) -> None:
    t = visit.t
    left, right = st.columns([1.4, 1], gap="large")
    file = left.file_uploader(t("imports.file"), type=TYPES, key="import-file")
    named = UNSAFE.sub("_", Path(file.name).stem.lower())[:60] if file else ""
    typed = right.text_input(t("imports.source"), key="import-source", max_chars=60, placeholder=named or "reviews")
    source = typed.strip() or named  # what the empty field shows in grey is what it means
    if file is None:
        return
    place = kept(file.name, file.getvalue())
    looked = _looked(visit, place)
    if looked is None:
        if st.button(t("imports.look"), key="import-look", type="primary"):
            ask(visit.store, "preview", {"file": str(place), "source": source}, utc_now_ms())
            st.rerun()
        return
    _preview(visit, looked, place, source)


def _looked(visit: Visit, place: Path) -> Job | None:
    """The newest preview of this very file, if one was asked for."""
    return next((job for job in jobs(visit.store) if job.kind == "preview" and job.arguments.get("file") == str(place)), None)


def _preview(visit: Visit, looked: Job, place: Path, source: str) -> None:
    t = visit.t
    if looked.state in ("waiting", "running"):
        sheet([el("p", "cap", t("imports.looking"))], "looking")
        return
    if looked.state == "failed":
        st.error(t("imports.unreadable", why=str(looked.result.get("values", {}).get("why", ""))[:300]))
    lines = looked.result.get("lines", [])
    if lines:
        st.code("\n".join(lines), language=None)
    mapping = st.text_input(t("imports.map"), looked.result.get("map", ""), key="import-map", help=t("imports.map_help"))
    mapping = (mapping or "").strip()
    if st.button(t("imports.go"), key="import-go", type="primary", disabled=not mapping):
        ask(visit.store, "import", {"file": str(place), "source": source, "mapping": mapping}, utc_now_ms())
        st.rerun()


def _table(found: list[Import], visit: Visit) -> Node:
    t = visit.t
    heads = ("number", "file", "source", "when", "received", "stored", "duplicates", "held", "state")
    kinds = ["num" if name in ("received", "stored", "duplicates", "held") else "" for name in heads]
    names = [el("th", {"scope": "col", "class": kind}, t(f"imports.{name}")) for name, kind in zip(heads, kinds, strict=True)]
    head = el("tr", None, *names)
    rows = []
    for one in found[:20]:
        state = "undone" if one.undone_at else "done" if one.finished_at else "broken"
        words = (str(one.id), one.file, one.source, freshness(one.started_at, visit))
        counts = (one.received, one.stored, one.duplicates, one.quarantined)
        cells = [el("td", None, word) for word in words] + [el("td", "num", t.whole(count)) for count in counts]
        rows.append(el("tr", None, *cells, el("td", None, t(f"imports.is_{state}"))))
    return el("table", "list gap-top", el("thead", None, head), el("tbody", None, *rows))


def _undo(found: list[Import], visit: Visit) -> None:
    """Take an import back, on a second click."""
    t = visit.t
    standing = [one for one in found if not one.undone_at]
    if not standing or not visit.person.may("manager"):
        return
    with st.popover(t("imports.undo")):
        of = {one.id: f"{one.id}: {one.file}" for one in standing}
        number = st.selectbox(t("imports.number"), list(of), format_func=lambda id: of[id], key="undo-number")
        st.caption(t("imports.undo_why"))
        if st.button(t("imports.undo"), key="undo", type="primary"):
            ask(visit.store, "undo", {"import": number}, utc_now_ms())
            st.rerun()
