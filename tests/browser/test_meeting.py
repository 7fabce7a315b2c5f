"""The meeting in a real Chromium: a guest names one thing, somebody takes it up, and later it is written down what came of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from config.journey import load_journey
from config.language import texts
from store.people import changes as register
from store.people.audit import verify
from store.people.meetings import one_things
from store.people.panel import panel
from tests.browser.office import ZONE
from tests.browser.test_pages import _choose, loaded, real
from tests.browser.test_tasks import name_yourself, on_screen
from tests.pages import example
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
NL = texts("nl")
JOURNEY = load_journey("airline")
THING = "De factuur zegt niet waar zij voor is"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The made-up company, which this module may write to; its newest day is yesterday."""
    folder = tmp_path_factory.mktemp("meeting")
    engine = fresh(folder)
    example.fill(engine, weeks=10, last=datetime.now(ZONE).date() - timedelta(days=1))
    yield engine, f"sqlite:///{folder / 'store.db'}"
    engine.dispose()


@pytest.fixture(scope="module")
def site(live_server, demo):
    return live_server(demo[1])


def popover(page, label):
    page.get_by_role("button", name=label).click()
    form = page.locator("[data-testid=stPopoverBody]")
    form.wait_for(timeout=30_000)
    return form


def own(key):
    return NL("both.own", label=NL(key))


def test_a_guest_names_one_thing_somebody_takes_it_and_its_outcome_is_kept(page, site, demo):
    engine = demo[0]
    loaded(page, f"{site}/week?lang=nl")
    form = popover(page, NL("meeting.record"))
    form.get_by_label(own("meeting.what")).fill(THING)
    form.get_by_label(NL("meeting.role")).fill("boekhouder")
    form.get_by_label(NL("meeting.owner")).fill("Piet")
    name_yourself(form, "Sanne")
    form.get_by_role("button", name=NL("meeting.save")).click()
    on_screen(page, re.compile("Opgeslagen als verandering V-"))
    page.locator(".thing", has_text=THING).wait_for(timeout=30_000)
    change = next(c for c in register.changes(engine, JOURNEY.id) if c.what_nl == THING)
    assert (change.owner, change.state, one_things(engine, JOURNEY.id, 1 << 50)[0].closed) == ("Piet", "proposed", False)
    row = page.get_by_role("row", name=re.compile(change.code))
    assert NL("meeting.undecided") in row.inner_text() and "Piet" in row.inner_text()
    loaded(page, f"{site}/week?lang=nl")
    form = popover(page, NL("meeting.close"))
    form.get_by_label(own("meeting.close")).fill("nieuwe tekst op de factuur")
    name_yourself(form, "Sanne")
    form.get_by_role("button", name=NL("meeting.save")).click()
    on_screen(page, NL("meeting.closed"))
    on_screen(page, "nieuwe tekst op de factuur")
    kept = one_things(engine, JOURNEY.id, 1 << 50)[0]
    assert (kept.outcome_nl, kept.outcome_en, kept.change_id is not None) == ("nieuwe tekst op de factuur", "", True)
    loaded(page, f"{site}/week?lang=en")
    on_screen(page, "nieuwe tekst op de factuur (in Dutch)")
    assert verify(engine) == [] and real(page.faults) == []


def test_a_talk_with_a_customer_fills_the_empty_seat(page, site, demo):
    loaded(page, f"{site}/changes?lang=nl")
    on_screen(page, re.compile("Aan tafel ontbreken: .*kritische klanten"))
    form = popover(page, NL("panel.add"))
    _choose(page, form, NL("panel.kind"), NL("segment.critical"))
    form.get_by_label(NL("panel.reference"), exact=True).fill("J.B.")
    name_yourself(form, "Sanne")
    form.get_by_role("button", name=NL("panel.save")).click()
    on_screen(page, NL("panel.saved", reference="J.B."))
    row = page.get_by_role("row", name=re.compile(f"^{NL('segment.critical')}"))
    row.filter(has_text=NL("door.today")).wait_for(timeout=30_000)
    assert [(one.kind, one.reference) for one in panel(demo[0])] == [("critical", "J.B.")] and real(page.faults) == []


def test_on_a_phone_nothing_of_the_week_lies_beside_the_screen(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL")
    try:
        phone = context.new_page()
        loaded(phone, f"{site}/week?lang=nl&view=stages")
        main = phone.locator("[data-testid=stMain]")
        assert main.evaluate("m => m.scrollWidth - m.clientWidth") <= 1
        wide = "() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].map(c => c.getBoundingClientRect().right)"
        assert all(right <= 390 for right in phone.evaluate(wide))
    finally:
        context.close()
