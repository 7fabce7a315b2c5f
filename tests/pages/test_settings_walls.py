"""Screens on the settings page: what hangs on each is told in words, changed in a table, and refused in words."""

from __future__ import annotations

import json
import re
import time as clocks
from datetime import time
from pathlib import Path

import pandas as pd
import pytest

from config.language import CODES, texts
from pages import settings_playlist, settings_walls
from pages.acting import fault_text
from pages.settings_playlist import PRESETS, STANDARD, address, days_told, entries, is_standard, table, told
from store.engine import open_store
from store.people.audit import entries as audit
from store.people.audit import verify
from store.people.errors import Refused
from store.people.facts import facts
from store.people.playlists import checked
from store.people.walls import ask, change, confirm, screen_of, screens
from tests.pages.screens import attributes, opened, said

NL, EN = texts("nl"), texts("en")
ROOT = Path(__file__).parents[2]
BRIEF = [
    {"slide": "promises", "seconds": 15, "share": 1, "range": "28d", "days": [1, 2, 3, 4, 5], "from": "08:00", "to": "18:00"}
]


def now_ms():
    return round(clocks.time() * 1000)


@pytest.fixture
def hall(own):
    """A store with one enrolled screen: its address, its engine, the screen and its token."""
    url = own("demo")
    engine = open_store(url)
    code, token = ask(engine, now_ms())
    yield url, engine, confirm(engine, code, "Anna", "Hal", now_ms(), language="nl", distance_m=7), token
    engine.dispose()


def form_of(hall, monkeypatch, lang="nl"):
    at = opened("settings", hall[0], monkeypatch, lang=lang)
    return at.button(key=f"change-{hall[2].id}").click().run()


def named(at, screen, who="Sanne"):
    at.text_input(key=f"who-wall-{screen.id}").set_value(who)
    return at


def pressed(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def javascript_playlist():
    """The playlist that a screen shows of itself, as pages/wall/show.js has it."""
    script = (ROOT / "pages" / "wall" / "show.js").read_text()
    listed = re.search(r"const PLAYLIST = (\[.*?\]);", script, re.S)[1]
    return json.loads(re.sub(r",\s*\]", "]", re.sub(r"(\w+):", r'"\1":', listed)))


def test_the_standard_is_what_a_screen_shows_of_itself():
    assert javascript_playlist() == STANDARD


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_kept_and_goes_through_the_table_unchanged(name):
    assert checked(PRESETS[name]) == PRESETS[name]
    assert checked(entries(table(PRESETS[name]))) == PRESETS[name]
    assert is_standard(entries(table(PRESETS[name]))) == (name == "standard")
    for code in CODES:
        assert texts(code)(f"playlist.preset_{name}") and all(told(PRESETS[name], texts(code)))


def test_a_playlist_is_told_in_plain_words():
    assert told(BRIEF, NL) == [
        "Beloften, laatste 28 dagen: 15 s per keer, 100% van de tijd, ma–vr 08:00–18:00",
        "Op andere momenten: de klantreis.",
    ]
    assert told(BRIEF, EN)[0] == "Promises, last 28 days: 15 s each time, 100% of the time, Mon–Fri 08:00–18:00"
    assert told([], NL) == told(STANDARD, NL) and len(told([], NL)) == 6
    assert told([], EN)[0] == "Journey: 40 s each time, 55% of the time"
    assert told([{"slide": "hours", "seconds": 15, "from": "22:00"}], NL)[0].endswith("100% van de tijd, 22:00–24:00")


@pytest.mark.parametrize(
    ("days", "dutch"),
    [([], ""), (range(1, 8), ""), ([1], "ma"), ([6, 7], "za, zo"), ([1, 3, 2], "ma–wo"), ([1, 2, 3, 5, 7], "ma–wo, vr, zo")],
)
def test_days_are_told_in_runs(days, dutch):
    assert days_told(days, NL) == dutch


def test_the_address_of_a_look_names_slides_and_ranges():
    assert address(BRIEF) == "promises:28d"
    assert address([]).startswith("journey,focus,promises:28d,journey:28d")


def test_the_table_is_read_in_the_order_of_its_places_and_empty_rows_are_nothing():
    frame = pd.DataFrame(
        [
            {"place": 3, "slide": "voices", "range": "now", "seconds": 15, "share": 1, "days": [], "from": None, "to": None},
            {
                "place": 1.5,
                "slide": "focus",
                "range": None,
                "seconds": 14,
                "share": None,
                "days": ["6", "7"],
                "from": time(8),
                "to": None,
            },
            {
                "place": None,
                "slide": "hours",
                "range": "now",
                "seconds": 12,
                "share": 2,
                "days": None,
                "from": None,
                "to": time(9, 30),
            },
            {"place": None, "slide": None, "range": None, "seconds": None, "share": None, "days": None, "from": None, "to": None},
        ]
    )
    assert checked(entries(frame.to_dict("records"))) == [
        {"slide": "focus", "seconds": 14, "share": 1, "days": [6, 7], "from": "08:00"},
        {"slide": "voices", "seconds": 15, "share": 1},
        {"slide": "hours", "seconds": 12, "share": 2, "to": "09:30"},
    ]


def test_a_row_without_its_slide_is_refused_in_words_not_dropped():
    rows = entries([{"place": 1, "slide": None, "seconds": 20, "share": 1}])
    with pytest.raises(Refused) as caught:
        checked(rows)
    assert caught.value.values["what"] == "playlist_slide"


def test_a_zero_is_a_value_not_a_blank():
    rows = [{"place": 1, "slide": "focus", "seconds": 20, "share": 0}, {"place": 0, "slide": "hours", "seconds": 20}]
    assert [(row["slide"], row["share"]) for row in entries(rows)] == [("hours", 1), ("focus", 0)]


def test_what_hangs_on_a_screen_stands_on_the_page(hall, monkeypatch):
    change(hall[1], hall[2].id, "Anna", now_ms(), playlist=BRIEF)
    at = opened("settings", hall[0], monkeypatch, lang="nl")
    spoken = said(at, f"wall-{hall[2].id}")
    assert (
        "Hal" in spoken
        and "Nederlands · 7 m · aangemeld door Anna · nog niet gezien" in spoken
        and "Beloften, laatste 28 dagen: 15 s" in spoken
    )
    assert said(at, "walls").startswith("Eén scherm is aangemeld")


def test_a_preset_is_kept_and_the_form_closes(hall, monkeypatch):
    at = form_of(hall, monkeypatch)
    assert attributes(at, "href", f"look-{hall[2].id}")[0].startswith("/wall?slides=journey,focus,")
    at = at.selectbox(key=f"preset-{hall[2].id}").set_value("hall").run()
    at = pressed(named(at, hall[2]), "Scherm opslaan")
    assert not at.exception and not at.error
    assert list(screens(hall[1])[0].playlist) == PRESETS["hall"]
    assert "Hal past zich binnen vijf seconden aan" in at.success[0].value
    assert not [one for one in at.selectbox if one.key == f"preset-{hall[2].id}"]
    assert any((row.who, row.action) == ("Sanne", "change") for row in audit(hall[1], f"wall {hall[2].id}"))
    assert verify(hall[1]) == []


def test_the_standard_gives_the_screen_its_own_back(hall, monkeypatch):
    change(hall[1], hall[2].id, "Anna", now_ms(), playlist=BRIEF)
    at = form_of(hall, monkeypatch).selectbox(key=f"preset-{hall[2].id}").set_value("standard").run()
    pressed(named(at, hall[2]), "Scherm opslaan")
    assert screens(hall[1])[0].playlist == ()


def test_language_distance_and_name_are_kept_and_the_playlist_stays(hall, monkeypatch):
    change(hall[1], hall[2].id, "Anna", now_ms(), playlist=BRIEF)
    at = named(form_of(hall, monkeypatch, "en"), hall[2])
    next(one for one in at.text_input if one.value == "Hal").set_value("Canteen")
    next(one for one in at.selectbox if one.label == "Language" and one.value == "nl").set_value("en")
    next(one for one in at.selectbox if one.value == 7).set_value(4.5)
    pressed(at, "Save the screen")
    kept = screens(hall[1])[0]
    assert (kept.name, kept.language, kept.distance_m, list(kept.playlist)) == ("Canteen", "en", 4.5, BRIEF)


def test_what_cannot_hang_there_is_refused_in_words_and_nothing_changes(hall, monkeypatch):
    monkeypatch.setattr(settings_walls, "edited", lambda *_: [])
    at = pressed(named(form_of(hall, monkeypatch), hall[2]), "Scherm opslaan")
    assert "Er staan 0 dia's in de lijst" in at.error[0].value
    assert screens(hall[1])[0] == hall[2]


def test_quotes_are_kept_off_one_screen(hall, monkeypatch):
    at = named(form_of(hall, monkeypatch), hall[2])
    next(one for one in at.selectbox if one.label == "Citaten op dit scherm").set_value("off")
    at = pressed(at, "Scherm opslaan")
    assert screens(hall[1])[0].quotes == "off" and "7 m · geen citaten" in said(at, f"wall-{hall[2].id}")


def test_the_rule_for_quotes_of_all_screens_is_chosen_here_unless_the_settings_fix_it(hall, monkeypatch):
    at = opened("settings", hall[0], monkeypatch, lang="nl")
    assert "streng gemaskeerd" in said(at, "quotes")
    next(one for one in at.radio if one.label == "Regel voor alle schermen").set_value("approved")
    at.text_input(key="who-quotes").set_value("Sanne")
    at = pressed(at, "Regel opslaan")
    assert facts(hall[1])["wall_quotes"] == "approved" and "die iemand goedkeurde" in said(at, "quotes")
    monkeypatch.setenv("KLANTBLIK_WALL_QUOTES", "off")
    at = opened("settings", hall[0], monkeypatch, lang="en")
    assert "quote no customers" in said(at, "quotes") and 'quotes = "off"' in said(at, "quotes-fixed") and not at.radio


def test_a_screen_is_revoked_under_a_name(hall, monkeypatch):
    at = pressed(form_of(hall, monkeypatch), "Intrekken")
    assert "naam" in at.error[0].value and screen_of(hall[1], hall[3]).allowed
    pressed(named(at, hall[2]), "Intrekken")
    assert screen_of(hall[1], hall[3]) is None


class Asked:
    """What fault_text needs of a visit."""

    def __init__(self, t):
        self.t = t


@pytest.mark.parametrize("t", [NL, EN], ids=CODES)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slide": None}, "2"),
        ({"range": "7d"}, "7d"),
        ({"slide": "voices", "range": "28d"}, "2"),
        ({"seconds": 4}, "4"),
        ({"share": 0.05}, "20"),
        ({"days": [9]}, "9"),
        ({"from": "8:00"}, "8:00"),
        ({"from": "09:00", "to": "09:00"}, "09:00-09:00"),
        ({"colour": "red"}, "colour"),
        ({"slide": "journey"}, "2"),
    ],
)
def test_every_refusal_has_its_own_words_in_both_languages(t, wrong, words):
    first, second = {"slide": "journey", "seconds": 40}, {"slide": "focus", "seconds": 15, **wrong}
    with pytest.raises(Refused) as caught:
        checked([first, second])
    told_ = fault_text(caught.value, Asked(t), "settings")
    assert words in told_ and told_ != t("error.refused") and "{" not in told_ and "None" not in told_


def test_the_columns_have_their_words_in_both_languages():
    for t in (NL, EN):
        columns = settings_playlist._columns(t)
        assert set(columns) == set(settings_playlist.COLUMNS)
        assert all(column["label"] for column in columns.values())
        typed = [column["type_config"] for name, column in columns.items() if name in ("place", "seconds", "share")]
        assert not any(column.get("min_value") or column.get("max_value") for column in typed), (
            "the cell would refuse the 2 of 25"
        )
