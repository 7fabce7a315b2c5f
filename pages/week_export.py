"""The week as a file: the weekly paper with the page's own numbers, made when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from metrics.weeks import shifted, start_ms
from pages.outcomes import outcomes
from pages.visit import Visit, opened
from reports.agenda import agenda as with_agenda
from reports.jump import Jump
from reports.names import Names
from reports.paper import Paper
from reports.promised import Register, judged
from reports.register_section import section
from reports.sentences import iso_week
from reports.week import Edition
from reports.weekly import paper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(told: Edition, jump: Callable[[], Jump], visit: Visit) -> None:
    """A button that opens the four formats; nothing is built before one of them is pressed."""
    t, stem = visit.t, f"klantblik-{iso_week(told.week.week)}-{visit.t.code}"
    with st.popover(t("week.export"), width="stretch"):
        for kind, (mime, build) in FORMATS.items():
            made = _later(build, told, jump, visit)
            st.download_button(
                kind.upper(), made, f"{stem}.{kind}", mime, key=f"export-{kind}", on_click="ignore", width="stretch"
            )


def agenda(told: Edition, jump: Callable[[], Jump], visit: Visit) -> None:
    """The agenda pack of the meeting as PDF: its agenda on the first page, then the week's paper."""
    name = f"klantblik-agenda-{iso_week(told.week.week)}-{visit.t.code}.pdf"
    label = visit.t("meeting.agenda")
    st.download_button(
        label,
        lambda: _pdf(_agenda(told, jump(), visit)),
        name,
        "application/pdf",
        key="agenda",
        on_click="ignore",
        type="primary",
    )


def _later(build: Callable[[Paper], bytes], told: Edition, jump: Callable[[], Jump], visit: Visit) -> Callable[[], bytes]:
    """What makes the file when somebody asks for it."""
    return lambda: build(_paper(told, jump(), visit))


def _agenda(told: Edition, jump: Jump, visit: Visit) -> Paper:
    names, register = Names(visit.t, visit.journey), _register(told, jump, visit)
    made = _paper(told, jump, visit, register)
    return with_agenda(made, told, outcomes(visit), register, names, visit.now)


def _register(told: Edition, jump: Jump, visit: Visit) -> Register:
    end = min(start_ms(shifted(told.week.week, 1), visit.zone) - 1, visit.now_ms)
    then = datetime.fromtimestamp(end / 1000, visit.zone)
    return judged(opened(visit.url), visit.journey, visit.zone, then, leading=jump.leading)


def _paper(told: Edition, jump: Jump, visit: Visit, register: Register | None = None) -> Paper:
    names, register = Names(visit.t, visit.journey), register or _register(told, jump, visit)
    return paper(told, jump, names, visit.now, company=visit.company, demo=visit.demo, promises=section(register, names))


def _pdf(made: Paper) -> bytes:
    from reports.pdf import pdf

    return pdf(made)


def _png(made: Paper) -> bytes:
    from reports.pdf import pdf, png

    return png(pdf(made))


def _xlsx(made: Paper) -> bytes:
    from reports.sheets import xlsx

    return xlsx(made)


def _csv(made: Paper) -> bytes:
    from reports.sheets import csv_text

    return "\n".join(csv_text(table) for table in made.tables).encode("utf-8-sig")


FORMATS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "xlsx": (XLSX, _xlsx),
    "csv": ("text/csv", _csv),
    "png": ("image/png", _png),
}
