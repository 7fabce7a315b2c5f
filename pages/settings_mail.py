"""The weekly mail on the settings page: its moment and addresses, a look at it first, a test, and what came of the last ones."""

from __future__ import annotations

import streamlit as st

from pages.acting import act, ask_name
from pages.rights import ask, jobs, set_mailing
from pages.sheet import el, sheet
from pages.visit import Visit, freshness, opened, utc_now_ms
from reports.__main__ import build
from reports.mail import plain
from store.corridor.jobs import OPEN, Job
from store.people.errors import PeopleError
from store.people.mailing import REPORT, Mailing, check, mailing
from store.reads.scorecard import newest_day

LANGUAGES = ("nl", "en")
SHOWN, LOOK_S = 3, 1.0


def draw(visit: Visit) -> None:
    """Draw the section."""
    t, plan = visit.t, mailing(visit.store)
    day = t(f"day.{plan.day}")
    title = t("settings.mail_on", day=day, hour=plan.hour, count=t.whole(len(plan.to))) if plan.on else t("settings.mail_off")
    sheet([el("h2", "section", title), el("p", "cap", t("settings.mail_how"))], "mail")
    if not visit.person.may("manager"):
        return
    _form(visit, plan)
    _try(visit, plan)
    busy = any(job.state in OPEN for job in _jobs(visit))
    st.fragment(_outcomes, run_every=LOOK_S if busy else None)(visit)


def _form(visit: Visit, plan: Mailing) -> None:
    t = visit.t
    with st.form("mail"):
        left, right = st.columns([1.4, 2])
        on = left.checkbox(t("settings.mail_switch"), plan.on)
        first, second, third = left.columns(3)
        day = first.selectbox(t("settings.mail_day"), range(1, 8), index=plan.day - 1, format_func=lambda d: t(f"day.{d}"))
        hour = second.selectbox(t("settings.mail_hour"), range(24), index=plan.hour, format_func=lambda h: f"{h}.00")
        language = third.selectbox(
            t("settings.mail_language"),
            LANGUAGES,
            LANGUAGES.index(plan.language),
            format_func=lambda c: t(f"settings.language_{c}"),
        )
        written = right.text_area(t("settings.mail_to"), "\n".join(plan.to), height=122)
        who = ask_name(visit, "mail")
        if st.form_submit_button(t("settings.mail_save"), type="primary"):
            to = tuple(line.strip() for line in written.splitlines() if line.strip())
            wanted = Mailing(on, day, hour, to, language)
            about = (visit.store, wanted, who, visit.zone, utc_now_ms())
            act(visit, "settings", who, lambda: set_mailing(*about), t("settings.mail_saved"))


def _try(visit: Visit, plan: Mailing) -> None:
    """A look at the mail as it would go out now, and a test to one address."""
    t = visit.t
    look, to, test = st.columns([1.2, 2, 1.2], vertical_alignment="bottom")
    if look.button(t("settings.mail_preview"), key="mail-preview", width="stretch"):
        if newest_day(opened(visit.url), visit.journey.id) is None:
            st.info(t("settings.mail_nothing"))
        else:
            paper, _ = build(visit.url, None, plan.language)
            st.code(f"{paper.headline}\n\n{plain(paper)}", language=None, wrap_lines=True)
    address = to.text_input(t("settings.mail_test_to"), key="mail-test-to", max_chars=254).strip()
    if test.button(t("settings.mail_test"), key="mail-test", width="stretch"):
        _test(visit, plan, address)


def _test(visit: Visit, plan: Mailing, address: str) -> None:
    try:
        check(Mailing(True, to=(address,)))
    except PeopleError:
        st.error(visit.t("settings.error_address"))
        return
    now = utc_now_ms()
    ask(visit.store, REPORT, {"week": 0, "language": plan.language, "to": [address], "key": f"test-{now}"}, now)
    st.session_state["said"] = visit.t("settings.mail_test_asked")
    st.rerun()


def _jobs(visit: Visit) -> list[Job]:
    return jobs(visit.store, SHOWN, (REPORT, "outbox"))


def _outcomes(visit: Visit) -> None:
    """What came of the last ones; looked at again while one is under way."""
    lines = [visit.t("settings.mail_last", when=freshness(job.created_at, visit), what=_said(job, visit)) for job in _jobs(visit)]
    if lines:
        sheet([el("ul", "small", *[el("li", None, line) for line in lines])], "mail-jobs")


def _said(job: Job, visit: Visit) -> str:
    if job.state in OPEN:
        return visit.t("settings.mail_waits")
    if job.state == "failed":
        return f"{visit.t('jobs.is_failed')}: {job.result.get('values', {}).get('why', '')}"
    return " ".join(job.result.get("lines", [])) or visit.t(f"jobs.is_{job.state}")
