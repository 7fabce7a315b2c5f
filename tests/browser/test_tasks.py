"""The main tasks, each done by a person in a real Chromium: what the person sees, and what the store holds afterwards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.journey import load_journey
from config.language import texts
from config.wording import mark_text
from metrics.effect import SHOWN, TOO_EARLY
from reports.effect_words import verdict_text
from reports.effects import last_whole_week, outcome
from reports.promised import MONTH, judged
from reports.week import default_week, edition, weekly
from store.corridor.imports import imports
from store.people import changes as register
from store.people.audit import entries, verify
from store.people.meetings import one_things
from store.people.walls import screens
from store.recount import recount
from store.tables import Contact, Correction, Placement, Quarantine
from tests.browser.conftest import shown_code
from tests.browser.office import WORDS, ZONE, monday, office, small_company
from tests.browser.test_pages import _choose, loaded, real
from tests.pages import example
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
NL = texts("nl")
JOURNEY = load_journey("airline")
FILE = """nummer;datum;bericht;fase;cijfer;klant
1;{day} 09:15;Mijn vlucht boeken ging in één keer goed;book;9;k1
2;{day} 10:20;Boeken lukte pas na drie keer proberen;book;4;k2
3;{day} 11:30;Betalen ging vlot en het ticket kwam meteen;book;8;k3
4;{day} 12:40;De stoelkeuze bij het boeken was duidelijk;book;8;k4
5;{day} 13:50;Ik kon mijn reservering zelf wijzigen;book;9;k5
6;{day} 14:55;Geen idee wat dit kost;book;vijftien;k6
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A small real company, with its screens and its ingest running."""
    with office(tmp_path_factory.mktemp("office"), small_company) as running:
        yield running


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The made-up company of the page tests, which this module may write to; its newest day is yesterday."""
    folder = tmp_path_factory.mktemp("tasks")
    engine = fresh(folder)
    example.fill(engine, weeks=30, last=datetime.now(ZONE).date() - timedelta(days=1))
    yield engine, f"sqlite:///{folder / 'store.db'}"
    engine.dispose()


@pytest.fixture(scope="module")
def site(live_server, demo):
    return live_server(demo[1])


def name_yourself(place, who):
    """Type a name where the page asks who acts."""
    field = place.get_by_label("Je naam, voor het logboek").first
    field.fill(who)
    field.press("Tab")


def on_screen(page, words, patience=30_000):
    """Wait until the page says this."""
    page.get_by_text(words).first.wait_for(timeout=patience)


def count(engine, *wanted):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Contact).where(Contact.deleted_at.is_(None), *wanted))


def test_a_file_is_looked_at_imported_and_taken_back(page, company):
    day = (monday() - timedelta(days=5)).strftime("%d-%m-%Y")
    loaded(page, f"{company.site}/sources?lang=nl")
    before = count(company.engine)
    content = FILE.format(day=day).encode()
    page.locator("input[type=file]").set_input_files({"name": "reviews.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Eerst bekijken").click()  # the source is called as its file until somebody names it
    mapping = page.get_by_role("textbox", name="Welke kolom is wat?")
    mapping.wait_for(timeout=60_000)
    assert count(company.engine) == before, "a preview stores nothing"
    on_screen(page, re.compile("bericht"))
    mapping.fill("text=bericht,happened_at=datum,external_id=nummer,stage=fase,csat10=cijfer,author=klant")
    mapping.press("Tab")
    page.get_by_role("button", name="Importeren").click()
    company.until(lambda e: any(one.finished_at for one in imports(e)), "the import")
    (done,) = [one for one in imports(company.engine) if one.source == "reviews"]
    assert (done.received, done.stored, done.duplicates, done.quarantined) == (6, 5, 0, 1)
    on_screen(page, re.compile("ontvangen 6, opgeslagen 5, al bekend 0, in quarantaine 1"))
    page.get_by_role("cell", name="reviews.csv", exact=True).wait_for(timeout=30_000)
    assert count(company.engine) == before + 5
    loaded(page, f"{company.site}/voices?lang=nl&stage=book")
    on_screen(page, "Boeken lukte pas na drie keer proberen")
    _take_back(page, company, done.id)
    assert count(company.engine) == before
    assert recount(company.engine, "Europe/Amsterdam") == []
    loaded(page, f"{company.site}/voices?lang=nl&stage=book")
    assert page.get_by_text("Boeken lukte pas na drie keer proberen").count() == 0
    assert real(page.faults) == []


def _take_back(page, company, number):
    loaded(page, f"{company.site}/sources?lang=nl")
    page.get_by_role("button", name="Import terugdraaien").first.click()
    page.get_by_text("Wat deze import bracht, verdwijnt uit alle cijfers").wait_for(timeout=30_000)
    page.get_by_role("button", name="Import terugdraaien").last.click()
    company.until(lambda e: any(one.id == number and one.undone_at for one in imports(e)), "the undo")
    page.get_by_role("cell", name="teruggedraaid").wait_for(timeout=30_000)


def test_a_row_that_was_held_back_is_tried_again(page, company):
    engine = company.engine
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Quarantine).where(Quarantine.source == "late")) == 1
    before = count(engine, Contact.source == "late")
    loaded(page, f"{company.site}/sources?lang=nl")
    on_screen(page, re.compile("in quarantaine"))
    page.get_by_role("button", name="Alles opnieuw proberen").click()
    company.until(lambda e: count(e, Contact.source == "late") == before + 1, "the retry")
    on_screen(page, re.compile("1 opgeslagen|opgeslagen 1"))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Quarantine).where(Quarantine.source == "late")) == 0
    page.get_by_role("row", name=re.compile("^late")).wait_for(timeout=30_000)
    assert recount(engine, "Europe/Amsterdam") == []


def test_a_corrected_voice_moves_the_mark(page, company):
    week = default_week(company.engine, JOURNEY.id, datetime.now(ZONE))

    def cell(engine, stage="loyalty"):
        return weekly(engine, JOURNEY, week, ZONE, datetime.now(ZONE)).row(stage)

    before = cell(company.engine)
    loaded(page, f"{company.site}/week?lang=nl")
    row = page.get_by_role("row", name=re.compile("^Blijven of gaan"))
    assert mark_text(NL, before.mark.value, before.status) in row.inner_text()
    loaded(page, f"{company.site}/voices?lang=nl&stage=loyalty&mood=any")
    voice = page.locator(".voice", has_text=WORDS)
    voice.get_by_role("button", name=NL("voices.correct")).click()
    dialog = page.get_by_role("dialog")
    name_yourself(dialog, "Sanne")
    _choose(page, dialog, NL("voices.right_stage"), "Vraag of klacht")
    dialog.get_by_role("button", name=NL("voices.save_stage")).click()
    on_screen(page, NL("voices.stage_saved"))
    company.until(lambda e: cell(e).n == before.n - 1, "the correction")
    after = cell(company.engine)
    assert after.mark.value > before.mark.value + 0.5
    loaded(page, f"{company.site}/week?lang=nl")
    assert f"n {NL.whole(after.n)}" in row.inner_text()
    assert mark_text(NL, after.mark.value, after.status) in row.inner_text()
    loaded(page, f"{company.site}/voices?lang=nl&stage=service")
    on_screen(page, WORDS)
    with company.engine.connect() as connection:
        kept = connection.execute(select(Correction.after, Correction.made_by, Correction.applied)).all()
        placed = connection.scalar(
            select(Placement.by).join(Contact, Contact.id == Placement.contact_id).where(Contact.text == WORDS)
        )
    assert [tuple(row) for row in kept] == [("airline/service", "Sanne", True)]
    assert placed == "person" and recount(company.engine, "Europe/Amsterdam") == []


def test_a_screen_is_enrolled_by_the_code_on_it(page, company, browser):
    """Over a slow line, on which the wall could ask for a second code before the first came: the one shown must be kept."""
    screen = browser.new_context(viewport={"width": 1920, "height": 1080}, extra_http_headers={"X-Forwarded-For": "192.0.2.7"})
    asked = []
    try:
        wall = screen.new_page()
        wall.route("**/live/enrol", lambda route: (asked.append(route), wall.wait_for_timeout(2_500), route.continue_()))
        wall.goto(f"{company.site}/wall?lang=nl")
        code = shown_code(wall)
        loaded(page, f"{company.site}/settings?lang=nl")
        page.get_by_label("Code op het scherm").fill(code)
        page.get_by_label("Waar hangt het?").fill("Kantine")
        name_yourself(page.locator("form, [data-testid=stForm]").filter(has_text="Code op het scherm"), "Sanne")
        page.get_by_role("button", name="Scherm aanmelden").click()
        on_screen(page, "Aangemeld: het scherm toont nu de wand.")
        wall.locator(".st").first.wait_for(timeout=60_000)
        assert wall.locator(".code").count() == 0 and len(asked) == 1
    finally:
        screen.close()
    (kept,) = screens(company.engine)
    assert (kept.name, kept.confirmed_by, kept.allowed) == ("Kantine", "Sanne", True)
    assert any(row.action == "enrol" for row in entries(company.engine)) and verify(company.engine) == []


def test_a_promise_is_made_approved_and_seen_to_break(page, site, demo):
    engine = demo[0]
    loaded(page, f"{site}/promises?lang=nl")
    page.get_by_role("button", name="Belofte toevoegen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("De belofte in het Nederlands, zoals zij gezegd wordt").fill("Binnen 1 uur antwoord op je e-mail")
    _choose(page, dialog, "Fase", "Vraag of klacht")
    _choose(page, dialog, "Kanaal", "E-mail")
    _choose(page, dialog, "Maat", "Eerste reactie")
    dialog.get_by_label("Binnen hoeveel").fill("1")
    first = datetime.now(ZONE).date() - timedelta(days=100)
    dialog.get_by_label(NL("promises.form_share")).fill("80")
    dialog.get_by_role("group", name=NL("promises.form_from")).get_by_role("spinbutton").first.click()
    page.keyboard.type(first.strftime("%d%m%Y"))
    dialog.get_by_label("Je naam, voor het logboek").fill("Anna")
    dialog.get_by_role("button", name="Als concept opslaan").click()
    on_screen(page, "Opgeslagen als concept")
    name_yourself(page, "Anna")
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Goedkeuren").first.click()
    on_screen(page, "Een tweede persoon keurt haar goed; dat beschermt jullie allebei.")
    name_yourself(page, "Bram")
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Goedkeuren").first.click()
    on_screen(page, "Goedgekeurd: de belofte telt nu mee")
    found = judged(engine, JOURNEY, ZONE, datetime.now(ZONE), MONTH)
    standing = next(row for row in found.rows if row.promise.text_nl.startswith("Binnen 1 uur"))
    assert standing.verdict.verdict == "broken" and standing.promise.approved_by == "Bram"
    row = page.get_by_role("row", name=re.compile("Binnen 1 uur antwoord"))
    row.wait_for(timeout=30_000)
    assert NL("verdict.broken") in row.inner_text()
    assert NL.percent(standing.verdict.shown.value) in row.inner_text()
    assert real(page.faults) == []


def test_why_a_stage_fell_is_found_in_three_looks(page, company):
    now = datetime.now(ZONE)
    week = default_week(company.engine, JOURNEY.id, now)
    told = edition(company.engine, JOURNEY, week, ZONE, now)
    assert told.cause is not None and (told.cause.stage, told.cause.channel) == ("checkin", "chat")
    loaded(page, f"{company.site}/week?lang=nl")
    assert "Inchecken zakte" in page.locator(".sheet h1").first.inner_text()
    stage = next(s.name["nl"] for s in JOURNEY.stages if s.id == told.cause.stage)
    channel = NL(f"channel.{told.cause.channel}")
    title = page.get_by_role("heading", name=re.compile("^Wat bewoog")).inner_text()
    assert stage in title and channel.lower() in title.lower()
    page.get_by_role("link", name=re.compile("^Lees alle|lezen")).last.click()
    page.wait_for_url(f"**/voices?**stage={told.cause.stage}**", timeout=30_000)
    assert f"channel={told.cause.channel}" in page.url and f"week={week // 100}-W{week % 100:02d}" in page.url
    page.locator(".voice").first.wait_for(timeout=30_000)
    facts = page.locator(".voice p.small").all_inner_texts()
    assert facts and all(channel in line and stage in line for line in facts if "·" in line)


def test_a_change_is_registered_started_and_its_effect_read(page, site, demo):
    engine = demo[0]
    loaded(page, f"{site}/changes?lang=nl")
    page.get_by_role("button", name=NL("changes.register")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(NL("both.own", label=NL("changes.form_what"))).fill("Bagageband meldt zelf de wachttijd")
    dialog.get_by_label(NL("both.own", label=NL("changes.why"))).fill("Wie weet hoe lang het duurt, wacht rustiger")
    _choose(page, dialog, NL("changes.stage"), "Oriënteren")
    name_yourself(dialog, "Sanne")
    dialog.get_by_role("button", name=NL("changes.register")).click()
    on_screen(page, re.compile("Opgeslagen als V-\\d+"))
    mine = next(c for c in register.changes(engine, JOURNEY.id) if c.what_nl.startswith("Bagageband"))
    assert (mine.state, mine.stage, mine.proposed_by) == ("proposed", "orient", "Sanne")
    loaded(page, f"{site}/changes?lang=nl&change={mine.code}")
    _step(page, "decided", {NL("both.own", label=NL("changes.customer_check")): "Vijf reizigers: graag"})
    _step(page, "running", {})
    on_screen(page, re.compile("te vroeg"))
    moved = next(c for c in register.changes(engine, JOURNEY.id) if c.code == mine.code)
    assert moved.state == "running" and moved.customer_check_nl == "Vijf reizigers: graag" and moved.started_at
    assert [row.action for row in entries(engine, f"change {mine.code}")] == ["running", "decided", "register"]
    now = datetime.now(ZONE)
    card = last_whole_week(engine, JOURNEY, ZONE, now)
    assert outcome(moved, card, ZONE).effect.verdict == TOO_EARLY
    _after_ten_weeks(page, site, engine, moved, card, now)


def test_a_change_of_one_channel_is_kept_with_its_run_up(page, site, demo):
    loaded(page, f"{site}/changes?lang=nl")
    page.get_by_role("button", name=NL("changes.register")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(NL("both.own", label=NL("changes.form_what"))).fill("Boekingsvragen eerst in de chat")
    _choose(page, dialog, NL("changes.stage"), "Boeken")
    _choose(page, dialog, NL("promises.channel"), "Chat")
    dialog.get_by_label(NL("changes.form_ramp"), exact=True).fill("14")
    name_yourself(dialog, "Sanne")
    dialog.get_by_role("button", name=NL("changes.register")).click()
    on_screen(page, re.compile("Opgeslagen als V-\\d+"))
    mine = next(c for c in register.changes(demo[0], JOURNEY.id) if c.what_nl.startswith("Boekingsvragen"))
    assert (mine.stage, mine.channel, mine.ramp_days) == ("book", "chat", 14)


def _step(page, state, values):
    page.get_by_role("button", name=NL(f"changes.to_{state}")).first.click()
    for label, value in values.items():
        page.get_by_label(label).last.fill(value)
    name_yourself(page.locator("[data-testid=stPopoverBody]"), "Sanne")
    page.locator("[data-testid=stPopoverBody]").get_by_role("button", name=NL(f"changes.to_{state}")).click()
    on_screen(page, NL(f"changes.state_{state}"))
    page.wait_for_timeout(1_000)


def _after_ten_weeks(page, site, engine, change, card, now):
    """The same change as it reads once it has run for ten weeks: time is the one thing that a test cannot click."""
    from dataclasses import replace

    begun = round((now - timedelta(weeks=10)).timestamp() * 1000)
    aged = register.save_change(engine, replace(change, started_at=begun, registered_at=begun), begun)
    read = outcome(aged, card, ZONE)
    assert read.effect.verdict in (SHOWN, "depends", "not_shown")
    loaded(page, f"{site}/changes?lang=nl&change={change.code}")
    row = page.get_by_role("row", name=re.compile(change.code))
    assert verdict_text(read, NL) in row.inner_text()
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for(timeout=30_000)


def test_the_report_holds_what_the_page_says(page, company):
    loaded(page, f"{company.site}/week?lang=nl")
    headline = page.locator(".sheet h1").first.inner_text()
    mark = re.search(r"beleving (\d,\d)", headline).group(1)
    page.get_by_role("button", name="Exporteren").click()
    with page.expect_download(timeout=60_000) as waiting:
        page.locator("[data-testid=stPopoverBody]").get_by_role("button", name="PDF").click()
    got = waiting.value
    assert re.fullmatch(r"klantblik-\d{4}-W\d\d-nl\.pdf", got.suggested_filename)
    content = Path(got.path()).read_bytes()
    from pypdfium2 import PdfDocument

    words = " ".join(leaf.get_textpage().get_text_range() for leaf in PdfDocument(BytesIO(content)))
    assert f"beleving {mark}" in " ".join(words.split())


def test_the_meeting_writes_down_the_one_thing(page, site, demo):
    engine = demo[0]
    loaded(page, f"{site}/week?lang=nl")
    page.get_by_role("button", name=NL("meeting.record")).click()
    form = page.locator("[data-testid=stPopoverBody]")
    form.get_by_label(NL("both.own", label=NL("meeting.what"))).fill("De factuur zegt niet waar zij voor is")
    form.get_by_label(NL("meeting.role")).fill("boekhouder")
    form.get_by_label(NL("meeting.owner")).fill("Piet")
    name_yourself(form, "Sanne")
    form.get_by_role("button", name=NL("meeting.save")).click()
    on_screen(page, re.compile("Opgeslagen als verandering V-"))
    page.locator(".thing", has_text="De factuur zegt niet waar zij voor is").wait_for(timeout=30_000)
    kept = one_things(engine, JOURNEY.id, 1 << 50)[0]
    change = next(c for c in register.changes(engine, JOURNEY.id) if c.what_nl.startswith("De factuur"))
    assert (kept.guest_role, kept.outcome_nl, change.owner, change.state) == ("boekhouder", "", "Piet", "proposed")
    assert change.code in page.get_by_role("row", name=re.compile(change.code)).inner_text()
    assert verify(engine) == [] and real(page.faults) == []
