"""Voices: filtered by the address, a page at a time, corrected by people, and never anything but text."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text as sql

from config.journey import load_journey
from config.language import texts
from ingest.correcting import apply_corrections
from ingest.quotes import refresh_quotes
from metrics.intervals import wilson
from store.corridor.jobs import close, jobs
from store.engine import open_store
from store.people.audit import verify
from store.people.corrections import correct_sentiment, pending
from store.people.journeys import save_journey
from store.reads.quotes import kept_quotes
from store.reads.voices import Wanted, base_rate, read_voice, read_voices
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, nodes, opened, said

NL = texts("nl")
MONDAY_MS = round(datetime.fromisoformat(MONDAY["as_of"]).timestamp() * 1000) + 1
ATTACKS = (
    "<script>alert(1)</script> en een keurige vlucht verder",
    "<img src=x onerror=alert(1)> [klik](javascript:alert(1)) ![x](http://evil.example/a.png)",
    "</style><style>*{display:none}</style> $\\LaTeX$ :red[rood] {{7*7}}",
)


@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("name", ["empty", "demo", "stale"])
def test_the_page_opens_in_both_languages_on_every_store(code, name, store, monkeypatch):
    at = opened("voices", store(name), monkeypatch, lang=code, **(MONDAY if name == "demo" else {}))
    assert not at.exception
    wanted = "empty.title" if name == "empty" else "voices.masked"
    assert texts(code)(wanted) in said(at)


def test_the_address_chooses_what_is_read(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", stage="service", channel="chat", week="2026-W47", **MONDAY)
    spoken = said(at, "list")
    assert "Vraag of klacht, chat" in said(at, "title")
    assert "Chat" in spoken and "Telefoon" not in spoken and "Oriënteren" not in spoken


def test_older_voices_are_one_click_away(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", **MONDAY)
    first = attributes(at, "data-go", "list")
    assert len(first) == 50
    next(button for button in at.button if button.label == NL("voices.older", count=50)).click().run()
    second = attributes(at, "data-go", "list")
    assert len(second) == 50 and not set(first) & set(second)
    next(button for button in at.button if button.label == NL("voices.newest")).click().run()
    assert attributes(at, "data-go", "list") == first


def test_a_search_that_finds_nothing_says_what_to_do(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", words="zzzz", **MONDAY)
    assert NL("voices.nothing") in said(at, "nothing") and "0 uitspraken" in said(at, "title")


def test_each_mark_says_whether_the_customer_gave_it(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", channel="social", **MONDAY)
    assert NL("voices.derived") in said(at, "list")
    at = opened("voices", store("demo"), monkeypatch, lang="nl", channel="phone", **MONDAY)
    assert NL("voices.own") in said(at, "list") and NL("voices.derived") not in said(at, "list")


@pytest.mark.faults
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_customer_wrote_stays_text(attack, own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    with engine.begin() as connection:
        newest = "(SELECT id FROM contact ORDER BY happened_at DESC LIMIT 1)"
        connection.execute(sql(f"UPDATE contact SET text = :words WHERE id = {newest}"), {"words": attack})
    engine.dispose()
    at = opened("voices", url, monkeypatch, lang="nl", **MONDAY)
    assert not at.exception and attack in said(at, "list")

    def leaves(node):
        if isinstance(node, str):
            yield node
        else:
            for child in node[2:]:
                yield from leaves(child)

    assert attack in [leaf for node in nodes(at, "list") for leaf in leaves(node)], "one whole text node"
    assert not at.markdown or all(attack not in element.value for element in at.markdown)


@pytest.mark.parametrize(("code", "line"), [("nl", "ligt onder de 5,5: Vraag of klacht, chat"), ("en", "are below 5.5: ")])
def test_the_title_says_how_many_are_unhappy_and_the_line_how_sure_that_is(code, line, store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang=code, stage="service", channel="chat", **MONDAY)
    engine = open_store(store("demo"))
    rate = base_rate(engine, Wanted("airline", "service", "chat", to_at=MONDAY_MS))
    engine.dispose()
    share, t = wilson(rate.low, rate.marked), texts(code)
    title = said(at, "title")
    assert title.startswith(f"{t.percent(share.value)} ") and line in title
    assert f"[{t.whole(100 * share.low)}–{t.whole(100 * share.high)}]" in title and t.whole(rate.marked) in title


@pytest.mark.parametrize("customers", [4, 5])
def test_words_of_fewer_than_five_customers_are_not_shown(customers, own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    with engine.begin() as connection:
        ids = [row.id for row in connection.execute(sql("SELECT id FROM contact ORDER BY happened_at DESC LIMIT 8"))]
        for place, id in enumerate(ids):
            values = {"id": id, "who": f"k{place % customers}"}
            connection.execute(sql("UPDATE contact SET segments = 'critical', author_key = :who WHERE id = :id"), values)
    engine.dispose()
    at = opened("voices", url, monkeypatch, lang="nl", segment="critical", **MONDAY)
    assert not at.exception
    if customers < 5:
        assert NL("voices.private_why") in said(at, "private") and not nodes(at, "list")
        assert "%" not in said(at, "title") and "8" not in said(at, "title")
    else:
        assert len(nodes(at, "list")) == 8


def open_form(url, monkeypatch, **query):
    engine = open_store(url)
    voice = read_voices(engine, Wanted("airline", to_at=MONDAY_MS)).voices[0]
    return engine, voice, opened("voices", url, monkeypatch, lang="nl", voice=str(voice.id), **query, **MONDAY)


def named(at):
    next(field for field in at.text_input if str(field.key) == "who-voice").set_value("Sanne")
    return at


def press(at, key, voice=None):
    """Click; the form is opened again by the address, since a test runs the whole page where a browser runs the form alone."""
    if voice:
        at.query_params["voice"] = str(voice.id)
    return at.button(key=key).click().run()


def test_a_stage_corrected_on_screen_is_kept_audited_and_moves_the_rollup_exactly(own, monkeypatch):
    engine, voice, at = open_form(own("demo"), monkeypatch)
    before = per_stage(engine)
    other = "loyalty" if voice.stage != "loyalty" else "fly"
    named(at).selectbox(key=f"stage-{voice.id}").select(other)
    at.query_params["voice"] = str(voice.id)
    at.run()
    at = press(at, "save-stage", voice)
    assert not at.exception and NL("voices.stage_saved") in [each.value for each in at.success]
    (waiting,) = pending(engine)
    assert (waiting.contact_id, waiting.after, waiting.made_by) == (voice.id, f"airline/{other}", "Sanne")
    assert per_stage(engine) == before and verify(engine) == []
    again = opened("voices", at_url(engine), monkeypatch, lang="nl", **MONDAY)
    assert NL("voices.waits_stage", who="Sanne", stage=stage_name(other)) in said(again, "list")
    apply_corrections(engine, MONDAY_MS, "Europe/Amsterdam")
    after = per_stage(engine)
    assert (after[voice.stage], after[other]) == (before[voice.stage] - 1, before[other] + 1)
    moved = read_voice(engine, "airline", voice.id)
    assert (moved.stage, moved.by) == (other, "person")
    again = opened("voices", at_url(engine), monkeypatch, lang="nl", **MONDAY)
    assert NL("voices.said_stage", who="Sanne", stage=stage_name(other)) in said(again, "list")
    engine.dispose()


def test_without_a_name_nothing_is_kept(own, monkeypatch):
    engine, voice, at = open_form(own("demo"), monkeypatch)
    at = press(at, "leak", voice)
    assert at.error and not jobs(engine) and read_voice(engine, "airline", voice.id) is not None
    engine.dispose()


def test_a_leak_reported_on_screen_takes_the_words_off_the_page_at_once(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    voice = read_voices(engine, Wanted("airline", to_at=MONDAY_MS)).voices[0]
    with engine.begin() as connection:
        connection.execute(sql("UPDATE contact SET text = 'bel zwolfenbarg' WHERE id = :id"), {"id": voice.id})
    at = opened("voices", url, monkeypatch, lang="nl", voice=str(voice.id), **MONDAY)
    assert "zwolfenbarg" in said(at, "list")
    at = press(named(at), "leak", voice)
    assert not at.exception and "zwolfenbarg" not in said(at) and NL("voices.leaked") in [each.value for each in at.success]
    assert [job.kind for job in jobs(engine)] == ["remask"]
    engine.dispose()


def test_an_approved_quote_hangs_on_the_wall_in_the_very_words(own, monkeypatch):
    engine, voice, at = open_form(own("demo"), monkeypatch)
    with engine.begin() as connection:
        connection.execute(sql("UPDATE contact SET text = 'Mijn koffer is nog steeds kwijt.' WHERE id = :id"), {"id": voice.id})
        connection.execute(sql("UPDATE source_state SET wall_quotes = 1"))
    at = opened("voices", at_url(engine), monkeypatch, lang="nl", voice=str(voice.id), **MONDAY)
    at = press(named(at), "approve-quote", voice)
    assert not at.exception and NL("voices.approved") in [each.value for each in at.success]
    save_journey(engine, load_journey("airline"), "test", MONDAY_MS)
    refresh_quotes(engine, MONDAY_MS, "approved")
    assert [quote["text"] for quote in kept_quotes(engine)[1]["quotes"]] == ["Mijn koffer is nog steeds kwijt."]
    engine.dispose()


def test_words_that_nobody_said_are_refused_in_the_readers_language(own, monkeypatch):
    engine, voice, at = open_form(own("demo"), monkeypatch)
    named(at).text_input(key=f"quote-{voice.id}").set_value("Dit heeft echt niemand gezegd")
    at = press(at, "approve-quote", voice)
    assert [each.value for each in at.error] == [NL("voices.error_quote_words")]
    engine.dispose()


def test_training_is_asked_for_and_its_outcome_told(own, monkeypatch):
    engine, voice, at = open_form(own("demo"), monkeypatch)
    assert not said(at, "learn"), "nothing to learn from yet"
    correct_sentiment(engine, voice.id, "negative", "Sanne", MONDAY_MS)
    at = opened("voices", at_url(engine), monkeypatch, lang="nl", **MONDAY)
    next(field for field in at.text_input if str(field.key) == "who-learn").set_value("Sanne")
    at = press(at, "learn")
    (job,) = jobs(engine)
    assert not at.exception and job.kind == "train" and NL("jobs.is_waiting") in said(at, "learn")
    figures = {"labels": 210, "held_out": 52, "before": 0.614, "after": 0.702, "held_before": 0.6, "held_after": 0.7}
    close(engine, job.id, "done", {"sentiment": {**figures, "reason": "better", "kept": True}}, MONDAY_MS)
    at = opened("voices", at_url(engine), monkeypatch, lang="nl", **MONDAY)
    assert "van 0,61 naar 0,70" in said(at, "learn") and "210" in said(at, "learn")
    engine.dispose()


def at_url(engine):
    return str(engine.url)


def stage_name(id):
    return next(stage.name["nl"] for stage in load_journey("airline").stages if stage.id == id)


def per_stage(engine):
    with engine.connect() as connection:
        query = "SELECT stage, SUM(n) AS n FROM rollup_week WHERE metric = 'contacts' AND segment = '' GROUP BY stage"
        return {row.stage: row.n for row in connection.execute(sql(query))}
