"""The pages in a real Chromium on a live server: deep links meet the router, nothing goes wrong, and people can do their work."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.conftest import watch
from tests.pages import example
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
ZONE = ZoneInfo("Europe/Amsterdam")
# Streamlit looks for its own base path under a deep link first; those answers are part of its start.
OWN = re.compile(r"404 \(Not Found\)|/_stcore/(health|host-config)")
PATHS = ("", "week", "promises")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A made-up company whose newest day is yesterday."""
    folder = tmp_path_factory.mktemp("browser")
    engine = fresh(folder)
    example.fill(engine, weeks=30, last=datetime.now(ZONE).date() - timedelta(days=1))
    engine.dispose()
    return folder / "store.db"


@pytest.fixture(scope="module")
def site(live_server, store):
    return live_server(f"sqlite:///{store}")


def loaded(page, address):
    page.goto(address)
    page.wait_for_selector(".sheet h1", timeout=60_000)
    page.wait_for_timeout(1_500)


def real(faults):
    return [fault for fault in faults if not OWN.search(fault)]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_opens_without_console_errors_or_outside_loads(page, site, path):
    loaded(page, f"{site}/{path}")
    assert real(page.faults) == []


@pytest.mark.parametrize("path", PATHS)
def test_a_deep_link_meets_the_router(page, site, path):
    loaded(page, f"{site}/{path}?lang=nl")
    menu = page.get_by_test_id("stTopNavLink").all_inner_texts()
    assert {"Klantblik", "Wand", "Week", "Beloften"} <= {text.strip() for text in menu}
    assert page.locator(".band").inner_text().startswith("VOORBEELDGEGEVENS")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [1366, 1920])
def test_nothing_scrolls_sideways(page, site, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    loaded(page, f"{site}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def test_the_week_is_readable_on_a_phone(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    loaded(page, f"{site}/week?lang=nl&view=stages")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert page.locator(".sheet h1").first.is_visible()


def test_the_language_switch_keeps_the_view(page, site):
    loaded(page, f"{site}/week?lang=nl&view=stages")
    page.locator(".here a", has_text="EN").click()
    page.wait_for_function("document.body.innerText.includes('Stages only')", timeout=60_000)
    assert "view=stages" in page.url and "lang=en" in page.url


def test_a_filter_stands_in_the_address_and_a_colleague_sees_the_same(page, site, browser):
    loaded(page, f"{site}/week?lang=nl")
    page.get_by_text("Alleen fasen").click()
    page.wait_for_url("**view=stages**", timeout=30_000)
    other = browser.new_context(locale="en-GB").new_page()
    other.faults = watch(other)
    loaded(other, page.url)
    assert other.locator("table.card.stages").count() == 1
    other.context.close()


def test_a_promise_is_added_by_one_and_approved_by_another(page, site, store):
    loaded(page, f"{site}/promises?lang=nl")
    page.get_by_role("button", name="Belofte toevoegen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("De belofte in het Nederlands, zoals zij gezegd wordt").fill("Binnen 2 uur antwoord op je e-mail")
    _choose(page, dialog, "Fase", "Vraag of klacht")
    _choose(page, dialog, "Kanaal", "E-mail")
    _choose(page, dialog, "Maat", "Eerste reactie")
    dialog.get_by_label("Binnen hoeveel").fill("2")
    dialog.get_by_label("Je naam, voor het logboek").fill("Anna")
    dialog.get_by_role("button", name="Als concept opslaan").click()
    page.wait_for_selector("text=Opgeslagen als concept", timeout=30_000)
    with sqlite3.connect(store) as connection:
        query = "SELECT state, threshold, made_by FROM promise_version WHERE text_nl LIKE 'Binnen 2 uur%'"
        assert connection.execute(query).fetchall() == [("draft", 7200.0, "Anna")]
    approver = page.get_by_label("Je naam, voor het logboek").first
    approver.fill("Bram")
    approver.press("Enter")
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name="Goedkeuren").first.click()
    page.wait_for_selector("text=Goedgekeurd: de belofte telt nu mee", timeout=30_000)
    with sqlite3.connect(store) as connection:
        rows = connection.execute("SELECT state, approved_by FROM promise_version WHERE text_nl LIKE 'Binnen 2 uur%'").fetchall()
    assert rows == [("approved", "Bram")]
    assert real(page.faults) == []


def test_a_row_of_the_register_opens_its_detail(page, site):
    loaded(page, f"{site}/promises?lang=nl&period=days")
    page.locator("a.said", has_text="Antwoord binnen 36 uur").click()
    page.wait_for_url("**promise=B-08**", timeout=30_000)
    page.get_by_text("B-08 versie 1").wait_for(timeout=30_000)


def _choose(page, dialog, label, option):
    box = dialog.get_by_label(label, exact=True)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()
