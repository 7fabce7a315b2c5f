"""The register judged: shares kept are exact counts, open questions count when due, advice follows the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import text

from metrics.verdict import BROKEN, KEPT, UNPROVEN
from reports.promise_detail import cases, detail, shares, soft_what_if, what_if
from reports.promised import DAYS, MONTH, advised, bar_of, judged, period_of
from store.people.promises import approve, save_draft
from store.reads.kept import Bar, counts_of, kept_frame
from tests.pages import example
from tests.store.people_store import fresh


def row(register, code):
    return next(each for each in register.rows if each.promise.code == code)


def test_the_period_is_the_last_month_over_or_four_weeks(zone, now):
    month, days = period_of(MONTH, now), period_of(DAYS, now)
    assert (month.first, month.last, month.final) == (20261001, 20261031, True)
    assert (days.first, days.last, days.final) == (20261027, 20261123, False)
    assert days.z > month.z
    assert period_of(MONTH, datetime(2026, 1, 3, tzinfo=zone)).first == 20251201


def test_leading_stages_change_the_advice_and_nothing_else(demo, journey, zone, now, register):
    led = judged(demo, journey, zone, now, leading=("service", "book"))
    again = advised(register, ("service", "book"))
    assert again == led and advised(again, ()) == register
    assert [(row.promise, row.verdict) for row in led.rows] == [(row.promise, row.verdict) for row in register.rows]
    assert {row.promise.stage for row in led.rows if row.case.leading} == {"service", "book"} & {
        r.promise.stage for r in led.rows
    }
    everywhere = advised(register, [stage.id for stage in journey.stages])
    assert any(one.advice != other.advice for one, other in zip(everywhere.rows, register.rows, strict=True))


def test_the_share_kept_is_an_exact_count(demo, register):
    found = row(register, "B-07")
    where = "metric = 'first_response' AND stage = 'service' AND channel = 'email' AND day BETWEEN 20261001 AND 20261031"
    with demo.connect() as connection:
        kept = connection.scalar(text(f"SELECT count(*) FROM observation WHERE {where} AND bin >= 0 AND value <= 14400"))
        n = connection.scalar(text(f"SELECT count(*) FROM observation WHERE {where}"))
    assert found.verdict.n == n and found.verdict.shown.value == pytest.approx(kept / n)


def test_a_soft_promise_is_held_against_the_expectation_of_its_stage(register):
    found = row(register, "B-05")
    assert found.verdict.shown.value == pytest.approx(found.mark.value - found.expected.value)
    assert found.target == pytest.approx(found.expected.value) and found.weeks == ()


def test_broken_comes_first_and_every_verdict_has_advice(register):
    order = [each.verdict.verdict for each in register.rows]
    assert order == sorted(order, key=lambda word: [BROKEN, UNPROVEN, KEPT, "over_delivered"].index(word))
    for each in register.rows:
        assert each.advice.kind in ("leave", "raise", "lower", "unsure")
        assert (each.verdict.verdict == BROKEN) == (each.advice.kind in ("raise", "lower", "unsure"))
    assert sum(register.count(word) for word in (BROKEN, KEPT, UNPROVEN, "over_delivered")) == len(register.rows)


def test_only_the_version_in_force_is_judged_and_a_draft_never(tmp_path, journey, zone, now):
    engine = fresh(tmp_path)
    example.fill(engine, weeks=9)
    codes = {(each.promise.code, each.promise.version) for each in judged(engine, journey, zone, now).rows}
    assert ("B-07", 2) in codes and ("B-07", 1) not in codes
    draft = save_draft(engine, replace(example.promises()[0], code="", text_nl="Nieuw"), "Anna", 1)
    assert draft.code not in {each.promise.code for each in judged(engine, journey, zone, now, DAYS).rows}
    approve(engine, draft.code, 1, "Bram", 2)
    assert draft.code in {each.promise.code for each in judged(engine, journey, zone, now, DAYS).rows}
    engine.dispose()


def test_a_store_without_promises_has_an_empty_register(tmp_path, journey, zone, now):
    engine = fresh(tmp_path)
    assert judged(engine, journey, zone, now).rows == ()
    engine.dispose()


def test_detail_holds_the_same_cases_against_every_version(demo, journey, zone, now):
    told = detail(demo, journey, "B-07", zone, now)
    old, new = told.lines
    assert [week.n for week in old.weeks] == [week.n for week in new.weeks]
    assert all(a.kept >= b.kept for a, b in zip(old.weeks, new.weeks, strict=True)), "24 hours holds what 4 hours holds"
    assert old.last < new.first <= told.weeks[-1] and new.first == 202636
    assert all(0 <= share.low <= share.value <= share.high + 1e-9 <= 1 + 1e-8 for _, share, _ in shares(new))
    assert told.marks and all(1 <= mark.mark.value <= 10 for mark in told.marks)


def test_another_bar_keeps_more_the_longer_it_is(demo, journey, zone, now, register):
    standing = row(register, "B-07")
    options = what_if(standing, cases(demo, journey.id, standing, now, zone))
    values = [option.value for option in options]
    kept = [option.verdict.shown.value for option in options]
    assert values == sorted(values) and kept == sorted(kept) and 14400 in values
    assert all(a.expected >= b.expected for a, b in pairwise(options))


def test_another_soft_bar_moves_only_the_expectation(register):
    options = soft_what_if(row(register, "B-05"))
    assert [option.value for option in options] == [6.5, 8.0, 9.0]
    gaps = [option.gap.value for option in options]
    assert gaps == sorted(gaps, reverse=True)


def test_kept_counts_of_one_scan_are_those_of_the_bins(demo):
    promise = next(p for p in example.promises() if p.threshold == 14_400)
    bars = [bar_of(promise), Bar("all", "first_response", "service", "", "", 10**6)]
    frame = kept_frame(demo, "airline", bars, 20261001, 20261031, "day")
    counts = counts_of(demo, "airline", bars[0], 20261001, 20261031)
    own = frame[frame.id == promise.code]
    assert own.kept.sum() == sum(n for bin, n in counts.items() if 0 <= bin <= bars[0].bin)
    assert own.done.sum() + own.open.sum() == sum(counts.values())
    assert kept_frame(demo, "airline", [], 0, 1).empty
