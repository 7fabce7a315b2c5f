"""Promises: the register and its advice, a second person's approval, what-if, and promises found in a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from pages import promise_copy
from pages.promise_copy import highlighted, plain
from pages.promise_detail import _damage_text
from pages.sheet import words
from reports.promised import DAYS, MONTH, judged
from store.engine import open_store
from store.people.audit import entries, verify
from store.people.promises import save_draft, versions
from tests.pages import example
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, charts, nodes, opened, said

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
NL = texts("nl")


@pytest.fixture
def at(store, monkeypatch):
    return opened("promises", store("demo"), monkeypatch, lang="nl", **MONDAY)


@pytest.fixture
def register(store):
    engine = open_store(store("demo"))
    yield judged(engine, load_journey("airline"), ZONE, NOW)
    engine.dispose()


@pytest.fixture
def drafted(own):
    """A store in which Anna drafted a promise."""
    url = own("demo")
    engine = open_store(url)
    first = example.promises()[5]
    draft = save_draft(
        engine, replace(first, code="", text_nl="Binnen 1 uur antwoord", threshold=3600), "Anna", 1_795_000_000_000
    )
    yield url, draft.code, engine
    engine.dispose()


def test_the_headline_counts_the_verdicts_of_the_month(at, register):
    spoken = said(at, "answer")
    assert "Oktober: van zeven beloften" in spoken and "maandoordeel oktober 2026 · definitief" in spoken
    for verdict, word in (("broken", "gebroken"), ("kept", "gehouden")):
        count = register.count(verdict)
        assert not count or f"{NL(f'count.{count}')} {word}" in spoken


def test_every_promise_stands_in_the_register_with_verdict_share_n_and_advice(at, register):
    spoken = said(at, "register")
    for row in register.rows:
        assert row.promise.text_nl in spoken and NL(f"verdict.{row.verdict.verdict}") in spoken
        assert NL(f"advice.{row.advice.code}") in spoken
        assert NL.whole(row.verdict.n) in spoken
    hard = next(row for row in register.rows if row.promise.code == "B-08")
    assert f"{NL.percent(hard.verdict.shown.value)}" in spoken


def test_too_few_cases_give_no_share_but_say_how_many_are_needed(at, register):
    few = [row for row in register.rows if row.verdict.needed]
    assert few and f"te weinig bewijs ({NL.whole(few[0].verdict.n)} van minstens" in said(at, "register")


def test_broken_promises_come_first_and_the_first_is_in_detail(at, register):
    assert register.rows[0].verdict.verdict == "broken"
    assert register.rows[0].promise.code in said(at, "detail-line")
    assert "chosen" in attributes(at, "class", "register")


def test_the_address_chooses_promise_period_and_verdict(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="en", promise="B-07", period="days", verdict="kept", **MONDAY)
    assert "B-07 version 2" in said(at, "detail-line") and "within 24 hours" in said(at, "detail-line")
    assert "provisional" in said(at, "answer")
    assert "broken" not in said(at, "register").lower().split("verdict", 1)[1].split("broken first")[-1]


def test_a_filter_that_fits_nothing_says_what_to_do(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="nl", stage="orient", **MONDAY)
    assert NL("promises.nothing_fits") in said(at, "register")


def test_detail_tells_whether_delivery_or_the_bar_moved(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="nl", promise="B-07", **MONDAY)
    assert NL("promises.bar_rose") in said(at, "in-time")
    assert "Langs 4 uur:" in said(at, "in-time") and "na 31 augustus" in said(at, "in-time")
    specs = str(charts(at))
    assert "24 uur" in specs and "4 uur" in specs


def test_another_bar_shows_what_would_follow_and_changes_nothing(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="nl", promise="B-07", **MONDAY)
    before = said(at, "register")
    slider = at.select_slider[0]
    slider.set_value(slider.options[-1] if not isinstance(slider.options[-1], str) else slider.value).run()
    assert not at.exception and said(at, "register") == before
    assert NL("promises.row_breaks") in said(at, "compare")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_damage_of_both_bars_stands_in_words_with_what_it_means(store, monkeypatch, lang):
    t, at = texts(lang), opened("promises", store("demo"), monkeypatch, lang=lang, promise="B-07", **MONDAY)
    assert t("promises.row_damage") in said(at, "compare")
    assert t("promises.damage_help") in " ".join(attributes(at, "title", "compare"))


@pytest.mark.parametrize(("hurt", "wanted"), [(0.0, "geen"), (1.56, "weegt als 1,6 punt")])
def test_damage_is_said_in_words(hurt, wanted):
    assert _damage_text(hurt, SimpleNamespace(t=NL)) == wanted


def test_the_maker_cannot_approve_but_a_second_person_can(drafted, monkeypatch):
    url, code, engine = drafted
    at = opened("promises", url, monkeypatch, lang="nl", **MONDAY)
    assert "Binnen 1 uur antwoord" in said(at, f"draft-{code}-1")
    at.button(key=f"approve-{code}-1").click().run()
    assert NL("promises.need_name") in [e.value for e in at.error]
    at.text_input(key="who-approve").set_value("Anna")
    at.button(key=f"approve-{code}-1").click().run()
    assert NL("error.same_person", who="Anna") in [e.value for e in at.error]
    assert versions(engine, code)[0].state == "draft"
    at.text_input(key="who-approve").set_value("Bram")
    at.button(key=f"approve-{code}-1").click().run()
    assert NL("promises.approved") in [s.value for s in at.success]
    assert versions(engine, code)[0].approved_by == "Bram"
    assert entries(engine, f"promise {code}")[0].who == "Bram" and verify(engine) == []


def test_a_rejected_draft_stays_in_the_history(drafted, monkeypatch):
    url, code, engine = drafted
    at = opened("promises", url, monkeypatch, lang="nl", **MONDAY)
    at.text_input(key="who-approve").set_value("Bram")
    at.button(key=f"reject-{code}-1").click().run()
    assert versions(engine, code)[0].state == "rejected"
    assert NL("promises.drafts_none") in said(at, "drafts")


def test_promises_are_found_in_a_text_and_kept_as_drafts(own, monkeypatch):
    url = own("demo")
    at = opened("promises", url, monkeypatch, lang="nl", **MONDAY)
    at.text_area(key="copy").set_value("Liever mailen? Binnen 2 uur heb je antwoord. Zorgeloos vliegen.").run()
    assert "zitten twee beloften" in said(at, "copy-title")
    assert "Binnen 2 uur heb je antwoord" in said(at, "copy") and "≤ 2 uur" in said(at, "copy-measure-1")
    at.text_input(key="who-copy").set_value("Anna")
    at.button(key="copy-save").click().run()
    assert not at.exception and "B-" in at.success[0].value
    assert "Binnen 2 uur heb je antwoord" in said(at)


def test_a_text_without_promises_says_so(own, monkeypatch):
    at = opened("promises", own("demo"), monkeypatch, lang="en", **MONDAY)
    at.text_area(key="copy").set_value("We have lovely beaches.").run()
    assert texts("en")("copy.found_none") in said(at, "copy-title")


def test_hostile_copy_stays_text(own, monkeypatch):
    at = opened("promises", own("demo"), monkeypatch, lang="nl", **MONDAY)
    attack = "<img src=x onerror=alert(1)> Binnen 2 uur antwoord ![x](http://evil.example/x.png) <style>*{display:none}</style>"
    at.text_area(key="copy").set_value(attack).run()
    assert not at.exception
    assert attack.split(" Binnen")[0] in said(at, "copy")
    assert all(node[0] in ("div", "mark", "sup") for node in nodes(at, "copy"))


def test_an_uploaded_page_is_read_as_text():
    assert plain(b"<html><style>p{}</style><p>Gratis  retour</p>\n<script>a()</script></html>") == "Gratis retour"
    from config.claims import find_claims

    text = "Gratis retour. Binnen 1 uur antwoord."
    assert words(highlighted(text, find_claims(text))).replace("1", "").replace("2", "") == text.replace("1", "")


def test_without_a_promise_the_page_says_why_and_what_to_do(own, monkeypatch):
    from sqlalchemy import text as sql

    url = own("demo")
    engine = open_store(url)
    with engine.begin() as connection:
        connection.execute(sql("DELETE FROM promise_version"))
        connection.execute(sql("DELETE FROM promise"))
    engine.dispose()
    at = opened("promises", url, monkeypatch, lang="nl", **MONDAY)
    assert not at.exception and NL("promises.none") in said(at) and NL("promises.none_next") in said(at)


@pytest.mark.parametrize("kind", [MONTH, DAYS])
def test_a_daily_look_is_stricter_than_a_months_verdict(store, kind):
    engine = open_store(store("demo"))
    found = judged(engine, load_journey("airline"), ZONE, NOW, kind)
    assert found.period.final == (kind == MONTH) and found.period.kind == kind
    assert {row.promise.code for row in found.rows} == {"B-01", "B-02", "B-03", "B-04", "B-05", "B-07", "B-08"}
    engine.dispose()


def test_a_campaign_is_named_in_the_chart_of_what_was_kept(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="en", promise=_sharpened(), period="days", **MONDAY)
    texts_drawn = [spec for spec in charts(at) if "Always there" in str(spec)]
    assert len(texts_drawn) == 1


def _sharpened() -> str:
    """The code of the example's promise on e-mail answers."""
    return next(p.code for p in example.promises() if p.kind == "hard" and p.metric == "first_response")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_limit_of_a_file_is_said_once_and_a_larger_file_is_refused_in_the_readers_language(lang, monkeypatch):
    drawn, refused = [], []
    file = SimpleNamespace(size=3 * 1024**2 // 2, getvalue=lambda: b"Binnen 24 uur antwoord")

    def uploader(label, **_):
        drawn.append(label)
        return file

    monkeypatch.setattr(promise_copy.st, "file_uploader", uploader)
    monkeypatch.setattr(promise_copy.st, "text_area", lambda *_, **__: "")
    monkeypatch.setattr(promise_copy.st, "error", refused.append)
    visit = SimpleNamespace(t=texts(lang))
    assert promise_copy._text(visit) == "" and ("1,5 MB" if lang == "nl" else "1.5 MB") in refused[0]  # type: ignore[arg-type]
    assert drawn[0].count("1 MB") == 1
    file.size = 1024**2
    assert promise_copy._text(visit) == "Binnen 24 uur antwoord" and len(refused) == 1  # type: ignore[arg-type]


def test_streamlits_own_line_about_the_file_is_hidden():
    css = (Path(promise_copy.__file__).with_name("page.css")).read_text(encoding="utf8")
    assert '.st-key-copy-file [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }' in css


def test_a_page_with_very_many_claims_proposes_the_first_sixty(store):
    engine = open_store(store("demo"))
    visit = SimpleNamespace(t=NL, store=engine, journey=load_journey("airline"), now=NOW, zone=ZONE, url=store("demo"))
    found = promise_copy.proposals("\n".join(f"Altijd vriendelijk, zeker in hal {n}." for n in range(80)), visit)  # type: ignore
    assert len(found) == promise_copy.MOST == 60
    engine.dispose()
