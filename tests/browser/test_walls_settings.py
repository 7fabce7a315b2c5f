"""A person changes on Settings what hangs on a screen, and the wall that runs elsewhere takes it over."""

from __future__ import annotations

import time

import pytest

from config.language import texts
from store.people.audit import entries, verify
from store.people.walls import change, confirm, screens
from tests.browser.conftest import shown_code
from tests.browser.test_pages import loaded, real
from tests.browser.wall_store import fill
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
NL = texts("nl")
ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}
TAKEN_OVER_MS = 10_000


def now_ms():
    return round(time.time() * 1000)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A made-up company with customers up to now: its engine, and its address."""
    folder = tmp_path_factory.mktemp("walls")
    engine = fresh(folder)
    fill(engine, now_ms(), days=3)
    yield engine, f"sqlite:///{folder / 'store.db'}"
    engine.dispose()


@pytest.fixture
def hung(browser, live_server, shop):
    """A screen elsewhere that hangs: its page, the site, and the screen as the store knows it; it shows the journey of today."""
    engine, url = shop
    site = live_server(url)
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, extra_http_headers=ELSEWHERE)
    wall = context.new_page()
    wall.goto(f"{site}/wall?lang=nl")
    screen = confirm(engine, shown_code(wall), "Anna", "Hal", now_ms())
    screen = change(engine, screen.id, "Anna", now_ms(), playlist=[{"slide": "journey", "seconds": 600}], language="nl")
    wall.locator(".st").first.wait_for(timeout=60_000)
    yield wall, site, screen
    context.close()


def form_of(page, site, screen):
    """Open the form of this screen on Settings, under a name."""
    loaded(page, f"{site}/settings?lang=nl")
    page.locator(f".st-key-change-{screen.id} button").click()
    form = page.locator("[data-testid=stForm]").filter(has_text=NL("settings.quotes_here"))
    form.wait_for(timeout=30_000)
    name = form.get_by_label(NL("promises.form_who"))
    name.fill("Sanne")
    name.press("Tab")
    return form


def saved(page, form):
    form.get_by_role("button", name=NL("settings.wall_save")).click()
    page.get_by_text(NL("settings.wall_changed", name="Hal")).first.wait_for(timeout=30_000)


def kept(engine, screen):
    return next(one for one in screens(engine) if one.id == screen.id)


def test_a_list_to_begin_with_hangs_on_the_running_wall_within_ten_seconds(page, hung, shop):
    wall, site, screen = hung
    wall.get_by_text(NL("wall.tag")).first.wait_for(timeout=30_000)
    form = form_of(page, site, screen)
    box = page.get_by_label(NL("settings.wall_preset"), exact=True)
    box.click()
    page.get_by_role("option", name=NL("playlist.preset_board"), exact=True).click()
    page.wait_for_timeout(1_500)
    saved(page, form)
    wall.get_by_text(NL("wall.tag_month")).first.wait_for(timeout=TAKEN_OVER_MS)
    assert [entry["slide"] for entry in kept(shop[0], screen).playlist] == ["journey", "promises", "focus", "journey"]
    shown = page.get_by_text(f"{NL('playlist.slide_journey')}, {NL('playlist.range_month')}")
    shown.first.wait_for(timeout=30_000)
    assert verify(shop[0]) == [] and real(page.faults) == []
    assert any((row.who, row.action) == ("Sanne", "change") for row in entries(shop[0], f"wall {screen.id}"))


def test_a_slide_is_changed_in_the_table_by_keyboard(page, hung, shop):
    _, site, screen = hung
    form = form_of(page, site, screen)
    form.locator("[data-testid=stDataFrame] .dvn-scroller").first.click(position={"x": 60, "y": 52})
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # opens the cell; what is typed before it stands there is lost on a busy machine
    cell = page.locator("#portal input").first
    cell.wait_for(timeout=30_000)
    cell.fill("25")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1_000)
    saved(page, form)
    assert [dict(entry) for entry in kept(shop[0], screen).playlist] == [{"slide": "journey", "seconds": 25, "share": 1}]
    page.get_by_text(f"{NL('playlist.slide_journey')}: 25 s").first.wait_for(timeout=30_000)
    assert real(page.faults) == []


def test_quotes_go_from_one_screen_while_they_hang_on(page, hung, shop):
    wall, site, screen = hung
    wall.locator("q").first.wait_for(timeout=30_000)
    form = form_of(page, site, screen)
    box = form.get_by_label(NL("settings.quotes_here"), exact=True)
    box.click()
    page.get_by_role("option", name=NL("settings.quotes_off"), exact=True).click()
    saved(page, form)
    wall.wait_for_function("!document.querySelector('#klantblik-wall').shadowRoot.querySelector('q')", timeout=TAKEN_OVER_MS)
    assert kept(shop[0], screen).quotes == "off"


def test_taking_its_right_away_makes_the_screen_dark(page, hung, shop):
    wall, site, screen = hung
    form = form_of(page, site, screen)
    form.get_by_role("button", name=NL("settings.revoke")).click()
    wall.locator(".code").first.wait_for(timeout=TAKEN_OVER_MS)
    assert not kept(shop[0], screen).allowed and wall.locator(".st").count() == 0
