import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.language import texts
from connectors.base import AuthFault, Capabilities
from connectors.metering import called
from ingest import verifying
from ingest.errors import Unfit
from ingest.opening import now_ms
from ingest.sources import Source
from ingest.status import words
from ingest.terms import Terms
from ingest.verifying import KIND, Verifier, since_of
from store.corridor.upkeep import upkeep
from store.engine import ms
from store.reads.sources import read_upkeep
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.writes import save

from .conftest import event
from .fakes import Config


class Upstream:
    """A vendor that holds what a test says: ids that are gone, ids with another text; each question is one call."""

    name, channel, version, Config = "upstream", "social", "1", Config
    capabilities = Capabilities("stream", 60, verify=True, verify_every_h=24)

    def __init__(self):
        self.gone, self.edited, self.asked, self.fault = set(), {}, [], None

    def verify(self, config, ids):
        called()
        if self.fault:
            raise self.fault
        self.asked.append(list(ids))
        for id in ids:
            if id in self.gone:
                yield event(id, op="delete", version=10**15)
            else:
                yield event(id, self.edited.get(id, f"bericht {id}"), version=2 if id in self.edited else 1)


@pytest.fixture
def upstream():
    return Upstream()


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(verifying, "STEP", 10)


def source(upstream, **terms):
    return Source("post", upstream, Config(), terms=Terms(**terms).within(upstream.capabilities))


def fill(place, count, source="post", at=None):
    events = [event(str(n), f"bericht {n}", at=at) for n in range(count)]
    rows, _ = place.pipeline(source).prepare(events, now_ms())
    save(place.engine, Batch(source, rows), now_ms=now_ms(), zone=place.zone)


def on(_told):
    return True


def said(place):
    return {row.external_id: row.text for _, row in stored_rows(place.engine, limit=1_000)}


def test_what_is_gone_is_emptied_what_was_edited_is_read_anew_and_the_rollups_follow(any_place, upstream):
    fill(any_place, 35)
    upstream.gone, upstream.edited = {"3", "14"}, {"7": "Toch nog goed geholpen"}
    told = Verifier(any_place, [source(upstream)]).round(source(upstream), on)
    assert (told.state.checked, told.state.gone, told.state.edited, told.ended) == (35, 2, 1, True)
    assert said(any_place)["7"] == "Toch nog goed geholpen" and not {"3", "14"} & set(said(any_place))
    assert recount(any_place.engine, any_place.zone) == []
    assert [len(asked) for asked in upstream.asked] == [10, 10, 10, 5]


def test_what_was_found_gone_before_is_not_asked_again_nor_counted_twice(place, upstream):
    fill(place, 30)
    upstream.gone = {"1", "2"}
    verifier = Verifier(place, [source(upstream)])
    verifier.round(source(upstream), on)
    upstream.asked.clear()
    again = verifier.round(source(upstream), on)
    assert again.state.gone == again.state.edited == 0 and sum(len(ids) for ids in upstream.asked) == 28


def test_a_round_that_was_stopped_goes_on_there_also_in_another_process(place, upstream):
    fill(place, 35)
    told = Verifier(place, [source(upstream)]).round(source(upstream), lambda told: told.state.checked < 20)
    assert told.state.checked == 20 and not told.ended
    done = Verifier(place, [source(upstream)]).round(source(upstream), on)
    asked = [id for ids in upstream.asked for id in ids]
    assert done.state.checked == 35 and sorted(asked, key=int) == [str(n) for n in range(35)]


def test_since_leaves_out_what_is_older(place, upstream):
    fill(place, 10, at=datetime(2026, 1, 5, tzinfo=UTC))
    since = since_of("2026-01-06", "Europe/Amsterdam")
    assert Verifier(place, [source(upstream)]).round(source(upstream), on, since_ms=since).state.checked == 0
    since = since_of("2026-01-05", "Europe/Amsterdam")
    assert since == ms(datetime(2026, 1, 4, 23, tzinfo=UTC))
    assert Verifier(place, [source(upstream)]).round(source(upstream), on, since_ms=since).state.checked == 10


def test_a_round_over_other_days_begins_anew_and_one_over_the_same_goes_on(place, upstream):
    fill(place, 35)
    verifier = Verifier(place, [source(upstream)])
    verifier.round(source(upstream), lambda told: False, since_ms=5)
    assert verifier.round(source(upstream), lambda told: False, since_ms=5).state.checked == 20
    assert verifier.round(source(upstream), lambda told: False, since_ms=6).state.checked == 10


@pytest.mark.parametrize("day", ["gisteren", "2026-13-01"])
def test_since_that_is_no_day_is_refused(day):
    with pytest.raises(Unfit, match=day):
        since_of(day, "Europe/Amsterdam")


def test_a_vendor_that_calls_most_of_it_gone_is_not_believed_until_somebody_says_so(place, upstream, monkeypatch):
    monkeypatch.setattr(verifying, "STEP", 100)
    fill(place, 60)
    upstream.gone = {str(n) for n in range(40)}
    told = Verifier(place, [source(upstream)]).round(source(upstream), on)
    assert told.why and not told.ended and len(said(place)) == 60
    for language in ("nl", "en"):
        assert "--believe" in words(told.why, texts(language)) and "40" in words(told.why, texts(language))
    assert read_upkeep(place.engine, "post")[-1].key == "ingest.not_believed"
    believed = Verifier(place, [source(upstream)], believe=True).round(source(upstream), on)
    assert believed.state.gone == 40 and believed.ended and len(said(place)) == 20
    assert [each.key for each in read_upkeep(place.engine, "post")] == ["ingest.upkeep_verify"]


def test_reading_keeps_half_of_the_budget_and_the_round_goes_on_later(place, upstream):
    fill(place, 80)
    mine = source(upstream, budget={"items_per_month": 100})
    told = Verifier(place, [mine]).round(mine, on)
    assert told.state.checked == 50 and "budget.items_per_month" in words(told.why, texts("en"))
    richer = source(upstream, budget={"items_per_month": 200})
    assert Verifier(place, [richer]).round(richer, on).state.checked == 80


def test_a_call_budget_is_kept_too(place, upstream):
    fill(place, 80)
    mine = source(upstream, budget={"calls_per_hour": 3})
    told = Verifier(place, [mine]).round(mine, on)
    assert len(upstream.asked) == 3 and told.state.checked == 30 and "calls this hour" in words(told.why, texts("en"))


def test_a_vendor_that_is_away_moves_nothing(place, upstream):
    fill(place, 20)
    upstream.fault = AuthFault("401")
    told = Verifier(place, [source(upstream)]).round(source(upstream), on)
    assert told.state.checked == 0 and len(said(place)) == 20 and "Sign in again" in words(told.why, texts("en"))


def test_the_chore_does_a_round_when_it_is_due_and_not_before(place, upstream, monkeypatch):
    fill(place, 10)
    moment = [now_ms()]
    monkeypatch.setattr(verifying, "now_ms", lambda: moment[0])
    verifier, rounds = Verifier(place, [source(upstream)]), []
    for hours in (0, 1, 11, 1, 12):
        moment[0] += int(timedelta(hours=hours).total_seconds() * 1000)
        verifier.keep(lambda: False)
        rounds.append(len(upstream.asked))
    assert rounds == [1, 1, 2, 2, 3], "every twelve hours, so that each post is asked about within a day"


def test_the_chore_ends_at_stop(place, upstream):
    fill(place, 35)
    Verifier(place, [source(upstream)]).keep(lambda: True)
    assert len(upstream.asked) == 1 and upkeep(place.engine, "post", KIND).checked == 10


def test_days_limit_how_far_back_it_goes(place, upstream):
    fill(place, 10, at=datetime.now(UTC) - timedelta(days=40))
    mine = source(upstream, verify_days=30)
    assert Verifier(place, [mine]).round(mine, on).state.checked == 0
    assert json.loads(upkeep(place.engine, "post", KIND).place)["since"] > 0


def test_a_source_that_cannot_or_is_not_set_up_is_left_out(place, upstream):
    deaf = Upstream()
    deaf.capabilities = Capabilities("stream", 60)
    assert Verifier(place, [source(deaf), replace(source(upstream), fault="token")]).sources == []
