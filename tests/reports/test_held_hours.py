"""Claims on opening hours against the hours that are set: every sentence in the file, and what is told of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.claims import find_claims
from config.hours import parse_hours
from config.journey import load_journey
from config.said_hours import Said, said_hours
from reports.held_hours import held, held_text

JOURNEY = load_journey("airline")  # phone mon-fri 8-18 and sat 9-17, chat mon-fri 8-22 and weekends 9-18
SENTENCES = [
    line.split("\t") for line in Path(__file__).with_name("held_hours.tsv").read_text(encoding="utf8").splitlines() if line
]


@pytest.mark.parametrize("language, sentence, state, channel", SENTENCES, ids=[row[1][:40] for row in SENTENCES])
def test_a_sentence_is_kept_broken_or_unknown(language, sentence, state, channel):
    found = [one for claim in find_claims(sentence, language) if (one := held(claim, JOURNEY, language))]
    assert [(one.state, one.channel) for one in found] == ([(state, channel)] if state else [])


def test_a_broken_claim_tells_how_much_of_it_is_open():
    found = held_text("Bel ons 24/7.", "", JOURNEY)
    assert found and found.said and found.hours and found.channel == "phone"
    assert (found.said.hours, found.said.met(found.hours)) == (168, 58)


def test_the_channel_of_a_promise_wins_and_without_hours_nothing_is_known():
    assert (held_text("24/7 bereikbaar", "phone", JOURNEY) or replace).channel == "phone"  # type: ignore[union-attr]
    bare = replace(JOURNEY, hours={"competitors": "mon-sun 00:00-24:00"})
    found = held_text("24/7 bereikbaar", "", bare)
    assert found and found.state == "unknown" and found.hours is None


def test_a_company_that_never_closes_keeps_it():
    always = replace(JOURNEY, hours={"phone": "mon-sun 00:00-24:00"})
    found = held_text("Day and night, we are there for you.", "", always)
    assert found and found.state == "kept"


@pytest.mark.parametrize(
    "language, text, expected",
    [
        ("nl", "bereikbaar op werkdagen van 8 tot 18 uur, zaterdag van 9.30 tot 17 uur",
         [Said((0, 1, 2, 3, 4), 480, 1080, True), Said((5,), 570, 1020, True)]),
        ("nl", "bereikbaar van 9 tot 17 uur", [Said((0, 1, 2, 3, 4), 540, 1020, True)]),
        ("nl", "ook in het weekend en 's avonds bereikbaar", [Said((5, 6)), Said((0, 1, 2, 3, 4), 1080)]),
        ("nl", "bereikbaar van vrijdag t/m maandag", [Said((0, 4, 5, 6))]),
        ("en", "open from 9am to 12 pm, saturday 10:30-16:00",
         [Said((0, 1, 2, 3, 4), 540, 720, True), Said((5,), 630, 960, True)]),
        ("en", "open from 6 pm to 2 am every day", [Said((0, 1, 2, 3, 4, 5, 6), 1080, 1440, True)]),
        ("en", "reachable from everywhere", []),
    ],
)  # fmt: skip
def test_days_and_hours_are_read_from_the_words(language, text, expected):
    assert said_hours(text, "", language) == expected


def test_some_time_is_an_hour_and_all_of_it_is_every_minute():
    hours = parse_hours("mon 08:00-18:30, tue 08:00-19:00", "hours")
    assert Said((1,), 1080).kept(hours) and not Said((0,), 1080).kept(hours)
    assert Said((0,), 480, 1110, True).kept(hours) and not Said((0,), 480, 1111, True).kept(hours)
