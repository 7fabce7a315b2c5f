"""Sign-in from end to end: a real Chromium, a real server and a real OpenID Connect provider."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.language import texts
from tests.browser.conftest import failed, free_port, start, stop, watch
from tests.browser.identity import Provider, identity_provider
from tests.browser.test_pages import OWN, ZONE, _choose
from tests.pages import example
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
NL, EN = texts("nl"), texts("en")
COOKIE_SECRET = "a-cookie-secret-of-forty-eight-letters-for-tests"


@dataclass(frozen=True, slots=True)
class Company:
    """A running Klantblik behind a sign-in."""

    site: str
    store: Path
    log: Path
    provider: Provider


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sign-in")
    engine = fresh(folder)
    example.fill(engine, weeks=8, last=datetime.now(ZONE).date() - timedelta(days=1))
    engine.dispose()
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with identity_provider(site) as provider:
        process, _ = start(f"sqlite:///{folder / 'store.db'}", folder / "web.log", port, **environ(provider, site))
        yield Company(site, folder / "store.db", folder / "web.log", provider)
        stop(process)
    assert failed(folder / "web.log") == []


def environ(provider: Provider, site: str, **more: str) -> dict[str, str]:
    values = {"ISSUER": provider.issuer, "CLIENT_ID": provider.client_id, "ADDRESS": site, "COOKIE_SECRET": COOKIE_SECRET}
    values |= {"CLIENT_SECRET": provider.client_secret, **more}
    return {f"KLANTBLIK_SIGN_IN_{key}": value for key, value in values.items()}


@pytest.fixture
def visitor(browser):
    """Opens a browser of somebody's own, with nobody's cookies in it."""
    contexts = []

    def come(locale: str = "nl-NL"):
        contexts.append(browser.new_context(viewport={"width": 1366, "height": 900}, locale=locale))
        page = contexts[-1].new_page()
        page.faults = watch(page)
        return page

    yield come
    for context in contexts:
        context.close()


def sign_in(page, address, name, button=None):
    """Open an address, and sign in as somebody on the provider's own page."""
    page.goto(address)
    page.get_by_role("button", name=button or NL("role.sign_in_button")).click(timeout=60_000)
    page.wait_for_url(re.compile("/oauth2/authorize"), timeout=30_000)
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector(".sheet h1", timeout=60_000)
    page.wait_for_timeout(500)


def reads(page, words):
    """Whether these words stand on the page, also within a sheet; waits for them."""
    page.get_by_text(words).first.wait_for(timeout=60_000)
    return True


def menu(page):
    page.get_by_test_id("stTopNavLink").first.wait_for(timeout=30_000)
    return {text.strip() for text in page.get_by_test_id("stTopNavLink").all_inner_texts()}


def test_nobody_sees_anything_before_signing_in(company, visitor):
    page = visitor()
    for path in ("", "week", "voices", "settings", "sources"):
        page.goto(f"{company.site}/{path}")
        page.get_by_text(NL("role.sign_in"), exact=True).wait_for(timeout=60_000)
        assert page.locator(".sheet table, .sheet svg").count() == 0 and page.get_by_text("Noordvlucht").count() == 0


def test_a_link_survives_the_sign_in_and_the_person_is_named(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl&view=stages", "mo")
    assert "/week" in page.url and "view=stages" in page.url
    assert page.locator("table.card.stages").count() == 1
    assert page.locator(".here .who").inner_text() == "mo@example.nl"
    assert "manager" in page.locator(".here .who").get_attribute("title")
    page.faults.clear()  # what the provider's own page did is not ours
    page.reload()
    assert reads(page, "mo@example.nl")
    assert [fault for fault in page.faults if not OWN.search(fault)] == []


def test_the_sign_in_speaks_the_browsers_language(company, visitor):
    page = visitor("en-GB")
    sign_in(page, company.site, "vera", EN("role.sign_in_button"))
    assert reads(page, EN("home.what"))


def test_a_role_opens_its_pages_and_no_others(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl", "vera")
    assert page.get_by_role("button", name=NL("week.note")).count() == 0
    assert menu(page) == {"Klantblik", "Wand", "Week", "Beloften", "Klantreis", "Veranderingen"}
    for path in ("voices", "settings", "sources"):
        page.goto(f"{company.site}/{path}?lang=nl")
        page.get_by_text(NL("role.not_yours"), exact=True).wait_for(timeout=60_000)
        assert reads(page, "vera@example.nl") and page.locator(".sheet table").count() == 0


def test_who_has_no_role_reads_what_to_do_and_can_leave(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl", "nora")
    assert reads(page, NL("role.no_role")) and reads(page, NL("role.no_role_next"))
    page.get_by_text(NL("role.sign_out")).click()
    page.wait_for_url(re.compile("/oauth2/end_session"), timeout=30_000)


def test_an_unknown_role_lets_nobody_in_and_the_operator_reads_of_it(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl", "bas")
    assert reads(page, NL("role.no_role"))
    log = company.log.read_text()
    assert "'boss'" in log and "sign_in.roles" in log and "bas@example.nl" not in log
    assert company.provider.client_secret not in log and COOKIE_SECRET not in log


def test_who_signs_out_is_out_here_and_at_the_provider(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl", "mo")
    page.locator(".here a", has_text=NL("role.sign_out")).click()
    page.wait_for_url(re.compile("/oauth2/end_session"), timeout=30_000)
    page.get_by_role("button").first.click()
    page.get_by_text(NL("role.sign_in"), exact=True).wait_for(timeout=60_000)
    page.goto(f"{company.site}/week?lang=nl")
    page.get_by_text(NL("role.sign_in"), exact=True).wait_for(timeout=60_000)


def test_a_cookie_that_was_tampered_with_is_nobodys(company, visitor):
    page = visitor()
    sign_in(page, f"{company.site}/week?lang=nl", "vera")
    cookies = page.context.cookies()
    mine = next(cookie for cookie in cookies if cookie["name"] == "_streamlit_user")
    assert mine["httpOnly"] and mine["sameSite"] == "Lax"
    body, _, rest = mine["value"].partition(".")
    page.context.add_cookies([{**mine, "value": f"{body[:-2]}AA.{rest}"}])
    page.goto(f"{company.site}/week?lang=nl")
    page.get_by_text(NL("role.sign_in"), exact=True).wait_for(timeout=60_000)


def test_a_promise_is_approved_by_a_second_person_and_the_audit_names_both(company, visitor):
    """Nobody can type a name, nor approve their own words: the provider says who they are."""
    for name, action in (("marit", "draft"), ("mo", "approve")):
        page = visitor()
        sign_in(page, f"{company.site}/promises?lang=nl", name)
        page.wait_for_timeout(1_500)
        if action == "draft":
            page.get_by_role("button", name="Belofte toevoegen").click()
            dialog = page.get_by_role("dialog")
            words = "De belofte in het Nederlands, zoals zij gezegd wordt"
            dialog.get_by_label(words).fill("Binnen 3 uur antwoord op je e-mail")
            assert dialog.get_by_label("Je naam, voor het logboek").count() == 0
            for label, option in (("Fase", "Vraag of klacht"), ("Kanaal", "E-mail"), ("Maat", "Eerste reactie")):
                _choose(page, dialog, label, option)
            dialog.get_by_label("Binnen hoeveel").fill("3")
            dialog.get_by_role("button", name="Als concept opslaan").click()
            page.wait_for_selector("text=Opgeslagen als concept", timeout=30_000)
        else:
            page.get_by_role("button", name="Goedkeuren").first.click()
            page.wait_for_selector("text=Goedgekeurd: de belofte telt nu mee", timeout=30_000)
    with sqlite3.connect(company.store) as connection:
        rows = connection.execute("SELECT who, action FROM audit WHERE who LIKE '%@example.nl' ORDER BY id").fetchall()
    assert ("marit@example.nl", "draft") in rows and ("mo@example.nl", "approved") in rows


def test_a_screen_on_the_wall_needs_no_sign_in(company, visitor):
    page = visitor()
    page.goto(f"{company.site}/wall")
    page.wait_for_function("document.querySelector('#klantblik-wall')?.shadowRoot.querySelector('.wall')", timeout=60_000)
    assert page.get_by_text(NL("role.sign_in")).count() == 0


def test_another_address_than_the_providers_is_pointed_to_the_right_one(company, visitor):
    page = visitor()
    page.goto(company.site.replace("127.0.0.1", "localhost") + "/week?lang=nl")
    page.get_by_text(NL("role.elsewhere")).wait_for(timeout=60_000)
    assert page.locator(".sheet a", has_text=company.site).count() == 1


def test_a_sign_in_that_cannot_work_ends_the_start_in_one_line(company, tmp_path):
    values = environ(company.provider, company.site, COOKIE_SECRET="short")
    with pytest.raises(RuntimeError) as caught:
        start(f"sqlite:///{company.store}", tmp_path / "web.log", **values)
    assert "KLANTBLIK_SIGN_IN_COOKIE_SECRET" in str(caught.value) and "Traceback" not in str(caught.value)
