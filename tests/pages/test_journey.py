"""The journey page: one stage in depth, the map of demand with closed hours, coverage, and the questions to ask."""

from __future__ import annotations

import json

import numpy as np
import pytest

from config.journey import load_journey
from config.language import texts
from metrics.intervals import Interval
from pages import demand_map
from pages.demand_map import tip
from pages.journey_coverage import STEPS, finding, step_of
from pages.journey_facts import fact_text
from pages.journey_reach import finding as reach_finding
from pages.mark_range import ranged, shared
from pages.opening import open_hours
from pages.sheet import words
from reports.names import Names
from reports.stage import Demand
from store.engine import open_store
from store.people.touchpoints import Touchpoint, save_touchpoint
from tests.pages.conftest import MONDAY
from tests.pages.contrast import contrast
from tests.pages.screens import attributes, charts, elements, nodes, opened, said

JOURNEY = load_journey("airline")
SECTIONS = ("line", "answer", "channels", "pain", "facts", "missed", "staff", "groups", "coverage", "survey", "foot")


@pytest.fixture
def at(store, monkeypatch):
    return opened("journey", store("demo"), monkeypatch, lang="nl", stage="service", **MONDAY)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_section_is_there_in_both_languages(store, monkeypatch, lang):
    at = opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)
    assert not at.exception
    for section in SECTIONS:
        assert said(at, section), section


def test_the_answer_names_the_stage_its_mark_and_the_way_to_the_voices(at):
    assert "Vraag of klacht: beleving" in said(at, "answer")
    assert any("stage=service" in link for link in attributes(at, "href", "answer"))


def test_the_line_holds_every_stage_with_the_chosen_one_lit(at):
    (heading,) = nodes(at, "title")
    assert attributes(at, "data-lit", "line") == ["service"]
    assert attributes(at, "data-go", "line") == [stage.id for stage in JOURNEY.stages]
    assert "onder de belofte" in words(heading) and "Vraag of klacht" in words(heading)


def test_waits_and_outcomes_lead_to_the_voices_of_their_stage_and_channel(at):
    for section in ("pain", "facts"):
        links = attributes(at, "href", section)
        assert links and all(link.startswith("/voices?") and "stage=service" in link for link in links)
        assert len(links) == str(nodes(at, section)).count("['tr',") - 1  # the head leads nowhere
    assert any("channel=email" in link for link in attributes(at, "href", "pain"))


def test_the_page_answers_from_what_was_got_to_what_to_change(at):
    order = [el.proto.id.rpartition("-sheet-")[2] for el in elements(at) if el.type == "bidi_component"]
    parts = [name for name in order if name.startswith("part-")]
    assert parts == ["part-against", "part-breaks", "part-say", "part-ask", "part-change"]
    assert order.index("answer") < order.index("channels") < order.index("pain") < order.index("coverage") < order.index("survey")


def test_a_touchpoint_stands_beside_its_target_with_best_and_worst_in_the_title(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    for channel, target in (("chat", 8.0), ("email", 5.0), ("app", 7.0)):
        point = Touchpoint("service", channel.title(), channel.title(), channel, channel == "chat", target, "", "")
        save_touchpoint(engine, "airline", point, "for a test", "Sanne", 1)
    engine.dispose()
    at = opened("journey", url, monkeypatch, lang="nl", stage="service", **MONDAY)
    spoken = said(at, "targets")
    assert spoken.startswith("Chat ligt het verst van zijn streefcijfer (−") and "Email komt er het best uit (+" in spoken
    assert "◆ Chat" in spoken and "streefcijfer 8,0" in spoken and "App" in spoken and "te weinig bewijs" in spoken
    assert any("stage=service&channel=chat" in href for href in attributes(at, "href", "targets"))


def test_a_mark_is_drawn_on_its_own_scale_with_its_bar():
    drawn = ranged(Interval(5.5, 5.0, 6.0), 8.0, "below", "5,5")
    ends = [(node[1]["x1"], node[1]["x2"]) for node in drawn[2:] if node[0] == "line"]
    assert (150.0, 228.9) in ends  # from the middle of 1-10 to an 8
    assert all(0 <= x <= 300 for pair in ends for x in pair)
    outside = ranged(Interval(1.0, -2.0, 14.0), None, "unsure", "")
    assert all(0 <= node[1][x] <= 300 for node in outside[2:] if node[0] == "line" for x in ("x1", "x2"))


def test_a_share_is_as_long_as_it_is():
    bar = shared(Interval(0.5, 0.4, 0.6), "below", "50%", 208)[3]
    assert bar[1]["width"] == 100.0
    assert shared(Interval(0.0, 0.0, 0.1), "", "0%")[3][1]["width"] == 0


def test_the_map_names_the_stage_that_is_heard_least():
    names = Names(texts("nl"), JOURNEY)
    found = {"orient": {"chat": 9.0, "email": 8.0}, "book": {"chat": 50.0}, "service": {"chat": 3.0, "email": 9.0}}
    assert finding(found, ["chat", "email"], names).startswith(
        "Op 1 van de 6 plekken horen we niets; het minst bij Boeken (1 van de 2"
    )
    assert finding({**found, "fly": {}}, ["chat", "email"], names) == "Geen bewijs van klanten in: Vliegen"


def test_words_on_the_map_can_be_read_on_every_step():
    for step in range(len(STEPS)):
        assert contrast("#FFFFFF" if step == len(STEPS) - 1 else "#18212B", STEPS[step]) >= 4.5
    steps = [step_of(n, 400) for n in range(1, 401)]
    assert steps == sorted(steps) and steps[0] < steps[-1] == len(STEPS) - 1


def test_a_place_that_may_not_be_told_is_said_to_be_so(store, monkeypatch):
    from pages import journey_coverage

    names = Names(texts("nl"), JOURNEY)
    row = journey_coverage._row(
        "book", {"chat": None, "email": None, "phone": 40.0}, ["chat", "email", "phone"], 40.0, 202647, False, names
    )
    assert words(row).count("niet getoond") == 2 and "40" in words(row)


def test_the_busiest_hour_is_named_and_the_share_behind_a_closed_door():
    grid = np.ones((7, 24))
    grid[2, 10] = 9.5
    always = np.ones((7, 24), bool)
    assert reach_finding(Demand(grid, always, ()), texts("nl")).startswith(
        "Het drukst op woensdag van 10 tot 11 uur: 9,5 klanten"
    )
    always[6] = False
    assert reach_finding(Demand(np.ones((7, 24)), always, ()), texts("en")).startswith("14%")


def test_channels_are_compared_without_the_noise(at):
    assert "Dezelfde vraag, een ander antwoord" in said(at, "channels") or "verschillen niet aantoonbaar" in said(at, "channels")


def test_waits_are_told_as_people_live_them(at):
    assert "de helft binnen" in said(at, "facts") and "negen van de tien binnen" in said(at, "facts")


def test_every_stage_and_channel_stands_on_the_coverage_map(at):
    spoken = said(at, "coverage")
    for name in ("Oriënteren", "Blijven of gaan", "Chat", "Enquête"):
        assert name in spoken


def test_the_demand_map_is_drawn_by_day_and_hour(at):
    assert any('"hour"' in json.dumps(spec) and '"day"' in json.dumps(spec) for spec in charts(at))


def test_the_demand_map_covers_the_whole_week_and_crosses_what_is_closed(monkeypatch):
    drawn = []
    monkeypatch.setattr(demand_map, "draw", lambda chart, *rest: drawn.append(chart.to_dict()))
    is_open = np.ones((7, 24), bool)
    is_open[6] = False
    demand_map.heat(np.ones((7, 24)), is_open, texts("nl"))
    cells, crosses = (layer["data"]["values"] for layer in drawn[0]["layer"])
    assert len(cells) == 7 * 24
    assert {row["day"] for row in crosses} == {6} and len(crosses) == 24


def test_seven_questions_at_most_each_with_where_it_came_from(at):
    spoken = said(at, "survey")
    assert "(rapportcijfer, 1 tot 10)" in spoken and "aanbeveelt" in spoken and "(B-" in spoken


def test_an_unknown_stage_in_the_address_falls_back_to_the_worst(store, monkeypatch):
    at = opened("journey", store("demo"), monkeypatch, lang="nl", stage="moon", **MONDAY)
    assert not at.exception
    assert "beleving" in said(at, "answer")


@pytest.mark.parametrize("name", ["empty", "stale"])
def test_it_opens_without_fresh_data(store, monkeypatch, name):
    assert not opened("journey", store(name), monkeypatch, lang="nl").exception


def test_opening_hours_become_hours_of_the_week():
    grid = open_hours("mon-fri 08:00-22:00, sat 09:00-17:00")
    assert grid.shape == (7, 24)
    assert grid[0, 8] and not grid[0, 7] and not grid[0, 22]
    assert grid[5, 16] and not grid[5, 17] and not grid[6].any()
    assert open_hours("").all()


def test_a_cell_says_when_how_many_and_whether_anybody_is_there():
    per_week = np.zeros((7, 24))
    per_week[6, 4] = 2.5
    closed = np.zeros((7, 24), bool)
    assert tip(6, 4, per_week, closed, texts("nl")) == "zondag 4–5 uur: 2,5 per week, gesloten"


def test_a_duration_that_was_never_reached_says_so():
    from types import SimpleNamespace

    from reports.stage import Fact

    visit = SimpleNamespace(t=texts("en"))
    unknown = Fact("wait", "phone", Interval(float("inf"), float("inf"), float("inf")), 3.0)
    assert fact_text(unknown, visit) == "not reached"
    assert fact_text(Fact("abandoned", "phone", Interval(0.05, 0.03, 0.08), 400.0), visit).startswith("5%")


def test_who_waits_longer_than_promised_is_told_with_its_bar(at):
    spoken = said(at, "pain")
    assert spoken.startswith("Wachtpijn:") and "(belofte)" in spoken and "n" in spoken


def test_staff_by_hour_follows_what_the_reader_assumes_and_says_what_that_is(at):
    before = said(at, "staff")
    assert "Erlang C" in before and "6,0 minuten per klant" in before
    after = at.number_input(key="staff-handling").set_value(30.0).run()
    assert not after.exception and said(after, "staff") != before and "30,0 minuten per klant" in said(after, "staff")


def test_a_touchpoint_is_edited_on_screen_and_its_versions_stand_under_it(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("journey", url, monkeypatch, lang="nl", stage="service", **MONDAY)
    for label, typed in (("edit_name_nl", "Chat"), ("edit_why", "De bot is nieuw")):
        next(f for f in at.text_input if f.label == t(f"journey.{label}")).set_value(typed)
    for which, typed in (("own", "Een mens binnen een minuut"), ("other", "A person within a minute")):
        label = t(f"both.{which}", label=t("journey.column_to_be"))
        next(f for f in at.text_area if f.label == label).set_value(typed)
    next(f for f in at.text_input if str(f.key) == "who-touchpoint").set_value("Sanne")
    at = next(b for b in at.button if b.label == t("journey.edit_save")).click().run()
    assert not at.exception and at.success
    spoken = said(at, "touchpoints")
    assert "Een mens binnen een minuut" in spoken and "versie 1: Chat" in spoken and "door Sanne: De bot is nieuw" in spoken
    english = said(opened("journey", url, monkeypatch, lang="en", stage="service", **MONDAY), "touchpoints")
    assert "A person within a minute" in english and "Een mens" not in english


def test_a_touchpoint_without_a_reason_is_not_kept(own, monkeypatch):
    t = texts("nl")
    at = opened("journey", own("demo"), monkeypatch, lang="nl", stage="service", **MONDAY)
    next(f for f in at.text_input if f.label == t("journey.edit_name_nl")).set_value("Chat")
    next(f for f in at.text_input if str(f.key) == "who-touchpoint").set_value("Sanne")
    at = next(b for b in at.button if b.label == t("journey.edit_save")).click().run()
    assert at.error[0].value == t("journey.error_touchpoint") and said(at, "touchpoints") == ""
