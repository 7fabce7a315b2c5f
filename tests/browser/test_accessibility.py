"""axe-core over every page in both languages: nothing serious and nothing critical, in the page, its dialogs and its refusals."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

import pytest

from app import SCREENS
from config.language import texts
from tests.browser.test_pages import ZONE
from tests.pages import example
from tests.store.people_store import fresh

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf8")
RUN = """() => axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.flatMap(rule =>
    rule.nodes.map(node => ({ rule: rule.id, impact: rule.impact, help: rule.help,
                              where: node.target.flat().join(' '), html: node.html.slice(0, 160) }))))"""
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def site(live_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accessible")
    engine = fresh(folder)
    example.fill(engine, weeks=30, last=datetime.now(ZONE).date() - timedelta(days=1))
    engine.dispose()
    return live_server(f"sqlite:///{folder / 'store.db'}")


@pytest.fixture(scope="module")
def empty(live_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    fresh(folder).dispose()
    return live_server(f"sqlite:///{folder / 'store.db'}")


def opened(page, address):
    page.goto(address)
    page.wait_for_selector(".sheet h1, .sheet h2", timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_timeout(1_500)


def grave(page) -> list[str]:
    """What a person who uses a screen reader, a keyboard or a magnifier would stumble over."""
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    return [f"{one['rule']} ({one['impact']}): {one['where']} {one['html']}" for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_page_has_nothing_serious(page, site, screen, code):
    opened(page, f"{site}/{screen if screen != 'home' else ''}?lang={code}")
    assert grave(page) == []


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_wall_has_nothing_serious(page, site, code):
    page.goto(f"{site}/wall?lang={code}")
    page.wait_for_function("document.querySelector('#klantblik-wall')?.shadowRoot.querySelector('.wall')", timeout=60_000)
    page.wait_for_timeout(2_000)
    assert grave(page) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_an_empty_page_has_nothing_serious(page, empty, screen):
    opened(page, f"{empty}/{screen if screen != 'home' else ''}?lang=en")
    assert grave(page) == []


@pytest.mark.parametrize(
    ("screen", "button"), [("promises", "promises.add"), ("changes", "changes.register"), ("week", "week.note")]
)
def test_a_form_has_nothing_serious(page, site, screen, button):
    opened(page, f"{site}/{screen}?lang=nl")
    page.get_by_role("button", name=texts("nl")(button)).first.click()
    page.wait_for_selector("[role=dialog], [data-testid=stPopoverBody]", timeout=30_000)
    page.wait_for_timeout(1_000)
    assert grave(page) == []


def test_no_part_of_the_settings_has_anything_serious(page, site):
    opened(page, f"{site}/settings?lang=nl")
    parts, found = page.get_by_role("tab"), {}
    for at in range(parts.count()):
        parts.nth(at).click()
        page.wait_for_timeout(500)
        found[parts.nth(at).inner_text()] = grave(page)
    assert len(found) >= 5 and not any(found.values()), found


def test_what_is_serious_is_found(page, site):
    """The run itself can fail: a picture without words and a button without a name are both found."""
    opened(page, f"{site}/settings?lang=nl")
    page.evaluate(
        "document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', '<img src=\"/x.png\"><button></button>')"
    )
    assert {line.split(" ")[0] for line in grave(page)} >= {"image-alt", "button-name"}
