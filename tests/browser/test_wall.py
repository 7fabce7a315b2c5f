"""The wall in a real Chromium: what was committed reaches the glass, and nothing that stopped looks alive."""

import random
import time
from base64 import b64decode
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pages.wall.build import script
from store.engine import open_store
from store.people import walls
from store.quotes import keep_quotes
from store.rows import Batch
from store.writes import save
from tests.browser.cable import cable
from tests.browser.serving import Site, serving
from tests.browser.wall_screens import filled
from tests.browser.wall_states import STATES, silence
from tests.browser.wall_store import MINUTE, NOON, ZONE, contact

pytestmark = pytest.mark.browser
SHADOW = "document.querySelector('#klantblik-wall').shadowRoot"
# Streamlit looks for its own base path under a deep link first; those two answers are part of its start.
OWN_LOOKUPS = ("/wall/_stcore/health", "/wall/_stcore/host-config")


@contextmanager
def opened(browser, site, query="?lang=nl", width=1920, height=1080, headers=None, **context):
    """A page with the wall on it; `faults` collects console errors, page errors and requests to other hosts."""
    context = browser.new_context(viewport={"width": width, "height": height}, extra_http_headers=headers or {}, **context)
    page = context.new_page()
    page.faults = []

    def heard(message):
        place = (message.location or {}).get("url", "")
        if message.type in ("error", "warning") and not place.split("?")[0].endswith(OWN_LOOKUPS):
            page.faults.append(f"{message.type}: {message.text} {place}")

    page.on("console", heard)
    page.on("pageerror", lambda fault: page.faults.append(f"page: {fault}"))
    page.on(
        "request", lambda r: None if r.url.startswith((site.url, "ws://127", "blob:", "data:")) else page.faults.append(r.url)
    )
    page.goto(f"{site.url}/wall{query}")
    try:
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The textbook day, served with its own clock."""
    folder = tmp_path_factory.mktemp("wall")
    store = filled(STATES["live"], folder)
    with serving(store, NOON) as site:
        site.store = store
        yield site


@pytest.fixture
def own(tmp_path):
    """Serve a state of this test's own: `own(name)` gives the running site."""
    running = []

    def serve(name):
        state = STATES[name]
        store = filled(state, tmp_path)
        scene = serving(store, state.now, state.environ)
        site = scene.__enter__()
        site.store = store
        running.append(scene)
        return site

    yield serve
    for scene in running:
        scene.__exit__(None, None, None)


def tile(page, stage):
    return page.locator(f'.st[data-stage="{stage}"]')


def test_the_wall_opens_without_an_error_and_covers_streamlit(browser, day):
    with opened(browser, day) as page:
        page.wait_for_selector(".st")
        assert page.locator(".st").count() == 7
        assert "Vraag of klacht" in page.locator(".biggest").inner_text()
        page.wait_for_timeout(1500)
        seen = page.evaluate(
            """() => [...document.querySelectorAll('body > *, header, [data-testid="stToolbar"]')]
                .filter((e) => e.id !== 'klantblik-wall' && getComputedStyle(e).visibility !== 'hidden').map((e) => e.tagName)
                .filter((name) => !['SCRIPT', 'STYLE', 'NOSCRIPT', 'IFRAME'].includes(name))"""
        )
        assert seen == []
        assert page.faults == []


@pytest.mark.parametrize(("language", "experience", "number"), [("nl", "Beleving", ","), ("en", "Experience", ".")])
def test_words_and_numbers_are_of_the_screens_language(browser, day, language, experience, number):
    with opened(browser, day, f"?lang={language}") as page:
        page.wait_for_selector(".st")
        assert page.locator(".f-x .lab").inner_text() == experience
        assert number in page.locator('[data-figure="experience"]').inner_text()


def test_a_new_contact_that_was_committed_shows_without_a_reload(browser, own):
    site = own("live")
    engine = open_store(site.store, writer=True)
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        page.evaluate("window.notReloaded = true")
        before = tile(page, "fly").inner_text()
        chance = random.Random(9)
        rows = [contact(NOON - i * 1000, "fly", f"new{i}", chance, mean=2.0) for i in range(150)]
        save(engine, Batch("mail", rows), now_ms=NOON, zone=ZONE.key)
        page.wait_for_function(
            f"(old) => {SHADOW}.querySelector('.st[data-stage=fly]').innerText !== old",
            arg=before,
        )
        assert "onder" in tile(page, "fly").inner_text()
        assert page.evaluate("window.notReloaded")
    engine.dispose()


WATCH_BLANKS = """() => {
  window.blanks = [];
  setInterval(() => {
    const host = document.querySelector('#klantblik-wall'), style = host && getComputedStyle(host);
    const whole = host && host.shadowRoot.querySelectorAll('.st').length === 7;
    const plain = host && style.opacity === '1' && style.filter === 'none' && style.visibility === 'visible';
    const others = [...document.body.querySelectorAll('*')].filter((e) => e !== host);
    const bare = others.filter((e) => getComputedStyle(e).visibility !== 'hidden');
    const seen = bare.filter((e) => !['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(e.tagName));
    if (!whole || !plain || seen.length) window.blanks.push([whole, plain, seen.map((e) => e.outerHTML.slice(0, 80))]);
  }, 100);
}"""


def test_a_dead_link_is_marked_within_ten_seconds_and_heals_by_itself(browser, own):
    site = own("live")
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        page.evaluate("window.notReloaded = true")
        page.wait_for_timeout(2500)
        died = time.monotonic()
        page.evaluate(WATCH_BLANKS)
        site.kill()
        page.wait_for_selector(".dead .overlay", timeout=20_000)
        took = time.monotonic() - died
        assert "Geen verbinding sinds 14:3" in page.locator(".overlay").inner_text()
        assert page.locator('.st[data-stage="fly"] .mark').is_visible()
        site.start()
        page.wait_for_function(f"() => !{SHADOW}.querySelector('.dead')", timeout=20_000)
        page.wait_for_timeout(3000)
        assert page.evaluate("window.notReloaded"), "the same build is not loaded again"
        assert page.evaluate("window.blanks") == [], "Streamlit's own reconnecting never blanks or dims the wall"
        assert took < 11


def test_a_new_build_is_loaded_once(browser, own):
    site = own("live")
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        page.evaluate("window.notReloaded = true")
        site.kill()
        Path(site.store.removeprefix("sqlite:///") + ".build").write_text("another", encoding="utf8")
        site.start()
        page.wait_for_function("() => !window.notReloaded", timeout=20_000)
        page.wait_for_selector(".st")
        page.evaluate("window.notReloaded = true")
        page.wait_for_timeout(4000)
        assert page.evaluate("window.notReloaded"), "once, and not again and again"


def test_a_pulled_cable_is_marked_and_forgotten_once_it_is_back(browser, day):
    with cable(int(day.url.rsplit(":", 1)[1])) as wire:
        through = Site(f"http://127.0.0.1:{wire.port}", [], {}, day.process)
        with opened(browser, through) as page:
            page.wait_for_selector(".st")
            page.wait_for_timeout(2500)
            wire.pull()
            pulled = time.monotonic()
            page.wait_for_selector(".dead .overlay", timeout=20_000)
            assert time.monotonic() - pulled < 11
            wire.plug()
            page.wait_for_function(f"() => !{SHADOW}.querySelector('.dead')", timeout=15_000)


HANG = "() => setTimeout(() => { const end = performance.now() + 18000; while (performance.now() < end) { /* hang */ } }, 200)"


def test_a_frozen_page_shows_that_it_is_frozen(browser, day):
    with opened(browser, day, width=1280, height=720) as page:
        page.wait_for_selector(".st")
        page.wait_for_timeout(2500)
        pictures, session = [], page.context.new_cdp_session(page)

        def shown(event):
            pictures.append((time.monotonic(), event["data"]))
            session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

        session.on("Page.screencastFrame", shown)
        session.send("Page.startScreencast", {"format": "png"})
        began = time.monotonic()
        page.evaluate(HANG)
        while time.monotonic() - began < 17:
            page.wait_for_timeout(200)
        middles = [
            Image.open(BytesIO(b64decode(data))).convert("RGB").getpixel((20, 360)) for at, data in pictures if at - began > 5
        ]
        red, _, blue = middles[-1]
        assert red > 60 and red > 1.5 * blue, "the compositor shows the yellow banner while the page hangs"
        page.wait_for_function(f"() => getComputedStyle({SHADOW}.querySelector('.frozen')).opacity === '0'", timeout=15_000)
        assert "Beeld staat stil sinds 14:3" in page.locator(".frozen").inner_text()


@pytest.mark.faults
def test_a_store_that_does_not_answer_is_said_and_its_numbers_are_dimmed(browser, own):
    site = own("live")
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        fail = Path(site.store.removeprefix("sqlite:///") + ".fail")
        fail.touch()
        page.wait_for_selector(".broken .strip-note", timeout=25_000)
        assert "Gegevens onbereikbaar sinds 14:3" in page.locator(".strip-note").inner_text()
        fail.unlink()
        page.wait_for_function(f"() => !{SHADOW}.querySelector('.broken')", timeout=10_000)


@pytest.mark.faults
def test_a_wall_opened_while_the_store_is_away_says_so_and_appears_by_itself(browser, own):
    site = own("live")
    fail = Path(site.store.removeprefix("sqlite:///") + ".fail")
    fail.touch()
    with opened(browser, site) as page:
        page.wait_for_selector(".waiting", timeout=25_000)
        assert "klaargezet" in page.locator(".waiting").inner_text(), "a moment's wait is no fault yet"
        page.wait_for_selector(".waiting .trouble", timeout=25_000)
        said = page.locator(".waiting").inner_text()
        assert "Gegevens onbereikbaar sinds 14:3" in said and "verandert niets" in said and "klaargezet" not in said
        fail.unlink()
        page.wait_for_selector(".st", timeout=10_000)


@pytest.mark.parametrize(
    ("name", "stage", "state", "said"),
    [
        ("late", "fly", "late", "laat · 13:54"),
        ("none", "fly", "none", "geen gegevens sinds 09:36"),
        ("few", "arrive", "few", "te weinig bewijs (3 van minstens"),
        ("unpromised", "fly", "live", "geen belofte vastgelegd"),
    ],
)
def test_each_state_of_a_stage_is_said_in_words(browser, own, name, stage, state, said):
    with opened(browser, own(name)) as page:
        page.wait_for_selector(".st")
        assert tile(page, stage).get_attribute("data-state") == state
        assert said in " ".join(tile(page, stage).inner_text().split())
        if state in ("none", "few"):
            assert tile(page, stage).locator(".mark").inner_text() == "–"


def test_a_headline_that_mixes_late_stages_in_says_so(browser, own):
    with opened(browser, own("late")) as page:
        page.wait_for_selector(".late-note")
        assert page.locator(".late-note").inner_text().strip() == "4 van 7 fasen laat"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("closed", ["Gesloten", "weer open om 07:00", "23 klanten wachten op antwoord", "Stand bij sluiting, dinsdag 22:00"]),
        ("old", ["OUDE BERICHTEN", "stand van 24 november 2026"]),
        ("stopped", ["Verwerking staat stil sinds 14:01"]),
        ("alert", ["belofte gebroken sinds 14:32"]),
        ("empty", ["te weinig bewijs (0 van minstens 10)"]),
    ],
)
def test_each_state_of_the_wall_is_said_in_words(browser, own, name, said):
    with opened(browser, own(name)) as page:
        page.wait_for_selector(STATES[name].wait)
        text = " ".join(page.locator(".wall").inner_text().split())
        assert [words for words in said if words not in text] == []
        assert page.faults == []


def test_a_source_that_falls_silent_is_marked_by_the_screen_itself(browser, own):
    site = own("live")
    engine = open_store(site.store)
    for source in ("mail", "chat", "phone", "survey"):
        silence(engine, source, NOON - 30 * MINUTE + 6000)  # late six seconds from now
    engine.dispose()
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        page.wait_for_selector('.st[data-state="late"]', timeout=20_000)
        page.wait_for_selector(".stale .strip-note", timeout=10_000)


def test_a_screen_elsewhere_shows_its_code_and_nothing_else_until_it_is_confirmed(browser, own):
    site = own("live")
    engine = open_store(site.store)
    with opened(browser, site, headers={"x-forwarded-for": "192.0.2.7"}) as page:
        page.wait_for_selector(".code")
        page.wait_for_function(f"() => /^[A-Z2-9]{{4}} [A-Z2-9]{{4}}$/.test({SHADOW}.querySelector('.code').textContent)")
        assert page.locator(".st").count() == 0
        screen = walls.confirm(engine, page.locator(".code").inner_text(), "anna", "Hal", NOON, language="en")
        page.wait_for_selector(".st", timeout=10_000)
        assert page.locator(".f-x .lab").inner_text() == "Experience"
        walls.change(engine, screen.id, "anna", NOON, language="nl")
        page.wait_for_function(
            f"() => {SHADOW}.querySelector('.f-x .lab').textContent === 'Beleving'",
            timeout=6000,
        )
        walls.revoke(engine, screen.id, "anna", NOON)
        page.wait_for_selector(".code", timeout=6000)
        assert page.locator(".st").count() == 0
        assert "klantblik" not in page.evaluate("document.cookie")
    engine.dispose()


@pytest.mark.faults
def test_customer_words_become_text_and_never_markup(browser, own):
    site = own("live")
    hostile = '<img src="https://example.test/x.png" onerror="window.hit=1"><style>*{display:none}</style>'
    quote = {"id": 1, "text": hostile, "channel": "chat", "stage": "fly", "language": "nl"}
    engine = open_store(site.store, writer=True)
    keep_quotes(engine, NOON, {"policy": "strict", "base": {"n": 9, "low_share": 0.1}, "quotes": [quote]}, NOON)
    engine.dispose()
    with opened(browser, site) as page:
        page.wait_for_selector(".voices q")
        assert page.locator(".voices q").first.text_content() == hostile
        assert page.locator(".voices q *").count() == 0
        assert page.evaluate("window.hit") is None
        assert page.faults == []


def test_reduced_motion_is_respected(browser, day):
    with opened(browser, day, reduced_motion="reduce") as page:
        page.wait_for_selector(".st")
        page.wait_for_timeout(2500)
        moving = page.evaluate(
            """() => document.querySelector('#klantblik-wall').shadowRoot.getAnimations()
                .filter((a) => !a.effect.target.classList.contains('frozen') && a.playState === 'running').length"""
        )
        assert moving == 0


def test_slides_follow_the_address_and_the_journey_strip_stays(browser, day):
    for slides, wait in (
        ("focus", ".slide.focus"),
        ("promises", ".slide.words"),
        ("hours", ".slide.day"),
        ("voices", ".slide.says"),
    ):
        with opened(browser, day, f"?lang=nl&slides={slides}") as page:
            page.wait_for_selector(wait)
            assert page.locator(".st .mark").count() == 7


@pytest.mark.parametrize(
    ("language", "query", "said"),
    [
        ("nl", "journey:28d", ["de laatste 28 dagen beleefden", "Een groot verschil, laatste 28 dagen"]),
        ("en", "journey:month", ["experienced this month", "A big gap, November so far"]),
        ("nl", "focus:28d", ["Per dag, laatste 28 dagen"]),
        ("en", "promises:28d", ["last 28 days", "promises kept"]),
    ],
)
def test_a_range_is_shown_and_said_in_words(browser, day, language, query, said):
    with opened(browser, day, f"?lang={language}&slides={query}") as page:
        page.wait_for_selector(".st")
        text = " ".join(page.locator(".wall").inner_text().split())
        assert [words for words in said if words not in text] == []
        assert page.faults == []


def test_a_fall_is_said_with_its_figures_and_its_channel(browser, own):
    with opened(browser, own("drop")) as page:
        page.wait_for_selector(".slide.alert")
        text = " ".join(page.locator(".slide").inner_text().split())
        assert "Inchecken: lager dan gewoonlijk sinds 14:32" in text
        assert "van 7,4 naar 6,4" in text
        assert "vooral via Chat" in text


PARTS = """async (source) => {
  const names = '; export { onNow, nextSlide, halved, slopes, makeShow, nameOf, ranged };';
  const m = await import(URL.createObjectURL(new Blob([source + names], { type: 'text/javascript' })));
  const spent = {}, entries = [{ slide: 'journey', seconds: 40, share: 6 }, { slide: 'focus', seconds: 10, share: 1 }];
  for (let i = 0; i < 200; i++) {
    const next = m.nextSlide(entries, spent);
    spent[m.nameOf(next)] = (spent[m.nameOf(next)] || 0) + next.seconds;
  }
  const show = m.makeShow(), good = (stage) => ({ good: { fresh: true, stage }, alerts: [], stages: [], closed: null });
  const glows = ['a', 'b', 'c'].map((stage, i) => show.celebrates(good(stage), i * 60000));
  const again = [7000, 9000].map((at) => m.makeShow().celebrates(good('a'), 0) && show.celebrates(good('b'), 60000 + at));
  const alerted = { ...good('a'), alerts: [{ id: 'x', began_at: 1000000 }], promises: [], voices: [], hours: [] };
  const over = m.makeShow(), noon = { day: 1, clock: '12:00' };
  const slides = [1000000, 1029000, 1031000].map((at) => over.slide(alerted, [], noon, at).slide);
  const list = (slide, range) => [{ slide, range, seconds: 600, share: 1 }, { slide: 'journey', seconds: 40, share: 9 }];
  const told = { ...good('a'), headline: { mark: 7 }, ranges: { month: { headline: { mark: 7 } } } };
  const lists = [list('journey'), list('journey'), list('journey', 'month')];
  const changed = lists.map((each, i) => over.slide(told, each, noon, 2000000 + i * 1000).range ?? null);
  const long = { ...good('a'), headline: 1, ranges: { month: { headline: 2 } } };
  return {
    glows, again, slides, changed,
    share: spent['journey:now'] / spent['focus:now'],
    ranges: ['month', '28d', undefined].map((range) => [m.ranged(long, range).headline, m.ranged(long, range).range ?? null]),
    names: [m.nameOf({ slide: 'journey' }), m.nameOf({ slide: 'journey', range: '28d' })],
    night: m.onNow({ from: '22:00', to: '06:00' }, { day: 1, clock: '23:30' }),
    noon: m.onNow({ from: '22:00', to: '06:00' }, { day: 1, clock: '12:00' }),
    weekend: m.onNow({ days: [6, 7] }, { day: 5, clock: '12:00' }),
    halves: [7.5, 6.1, -0.4, 0.1, 10].map(m.halved),
    slopes: m.slopes([0, 1, 2, 3], [5, 7, 7, 4]),
  };
}"""


def test_the_playlist_keeps_its_hours_and_shares(browser, day):
    with opened(browser, day) as page:
        page.wait_for_selector(".st")
        found = page.evaluate(PARTS, arg=script())
    assert found["share"] == pytest.approx(6, rel=0.2)
    assert (found["night"], found["noon"], found["weekend"]) == (True, False, False)
    assert found["glows"] == [True, True, False], "at most twice an hour"
    assert found["again"] == [True, False], "at most eight seconds"
    assert found["slides"] == ["alert", "alert", "journey"], "a takeover lasts half a minute"
    assert found["changed"] == [None, None, "month"], "another list hangs at once"
    assert found["ranges"] == [[2, "month"], [1, None], [1, None]], "a range that the frame does not hold is now"
    assert found["names"] == ["journey:now", "journey:28d"], "two ranges of one slide each have their own share"
    assert found["halves"] == ["7½", "6", "−½", "0", "10"]
    assert found["slopes"] == [0, 0, 0, 0], "no overshoot at a peak, a plateau or an end"
