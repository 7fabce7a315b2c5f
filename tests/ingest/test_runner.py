import json
import random
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.language import texts
from connectors.base import AuthFault, ConfigFault, Missing, RateLimited, Transient
from connectors.metering import called
from ingest import runner as runner_module
from ingest.backoff import Backoff
from ingest.feeder import Limits
from ingest.inbox import deliver
from ingest.opening import now_ms
from ingest.runner import Runner
from ingest.sources import Source
from ingest.status import words
from ingest.terms import Terms
from ingest.writer import Writer
from store.corridor.inbox import backlog
from store.corridor.quarantine import held
from store.reads.sources import notices
from store.reads.sources import read_sources as sources
from store.recount import recount
from store.stored import stored_rows
from store.tables import Gap
from store.writes import begin_epoch, read_state

from .conftest import event
from .fakes import Config, Scripted, Signed, idle, quiet, told

pytestmark = pytest.mark.faults


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Waits a hundred times shorter, so that what takes minutes in life takes a moment here; gives the waits as they would be."""
    waits = []

    class Quick(Backoff):
        def seconds(self, fault, now):
            waits.append(super().seconds(fault, now))
            return waits[-1] / 100

    monkeypatch.setattr(runner_module, "Backoff", lambda: Quick(random.Random(1)))
    monkeypatch.setattr(runner_module, "TURN_S", 0.02)
    monkeypatch.setattr(runner_module, "HEARTBEAT_S", 0.05)
    return waits


@contextmanager
def running(place, *given, **options):
    stop, lines = threading.Event(), []
    made = Runner(
        place,
        [each.source(f"s{n}") if isinstance(each, Scripted) else each for n, each in enumerate(given)],
        stop,
        lines.append,
        **options,
    )
    thread = threading.Thread(target=made.run, name="runner")
    thread.start()
    made.lines, made.thread, made.ask_stop = lines, thread, stop
    try:
        yield made
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail("what was waited for did not come")


def ids(place):
    return sorted(row.external_id for _, row in stored_rows(place.engine, limit=10_000))


def state_of(place, name="s0"):
    return next((each for each in sources(place.engine) if each.source == name), None)


def has_status(place, status, name="s0"):
    def there():
        found = state_of(place, name)
        return found if found and found.status == status else None

    return there


def test_reads_a_source_to_its_end_and_ends(any_place):
    source = Scripted([[told(1, 2, state="a"), told(3, state="b")]], mode="once")
    with running(any_place, source) as run:
        run.thread.join(20)
    assert ids(any_place) == ["1", "2", "3"] and read_state(any_place.engine, "s0") == "b"
    assert state_of(any_place).status == "done" and recount(any_place.engine, any_place.zone) == []


def test_acknowledges_after_the_commit_only(place):
    seen = []
    source = Scripted([[told(1, acknowledge=lambda: seen.append(ids(place))), idle]])
    with running(place, source):
        until(lambda: seen)
    assert seen == [["1"]]


def test_a_dead_peer_is_tried_again_from_the_committed_state(place):
    away = Transient("away")
    source = Scripted([[told(1, state="a"), away], [away], [told(2, state="b"), idle]])
    with running(place, source):
        until(lambda: ids(place) == ["1", "2"])
        until(has_status(place, "live"))
    assert source.states == [None, "a", "a"]


def test_a_source_that_is_away_says_so_and_never_calls_itself_live(place):
    with running(place, Scripted([[Transient("no route to host")]])):
        found = until(has_status(place, "unreachable"))
    assert not found.live and "no route to host" in found.detail


def test_a_rate_limit_is_obeyed(place):
    fault = RateLimited("429", datetime.now(UTC) + timedelta(seconds=40))
    source = Scripted([[fault], [told(1), idle]])
    with running(place, source):
        found = until(has_status(place, "waiting"))
        until(lambda: ids(place) == ["1"])
    assert json.loads(found.detail)["key"] == "ingest.rate_limited"
    assert source.read_at[1] - source.read_at[0] >= 0.3


@pytest.mark.parametrize(("fault", "status"), [(AuthFault("401"), "sign_in"), (ConfigFault("topic: none"), "config")])
def test_what_a_person_must_do_stops_that_source_and_no_other(place, fault, status):
    wrong, right = Scripted([[fault]]), Scripted([[told(1), idle]])
    with running(place, wrong, right):
        found = until(has_status(place, status))
        until(lambda: ids(place) == ["1"])
        time.sleep(0.2)
        assert len(wrong.states) == 1
    assert str(fault) in found.detail and state_of(place).status == status


def test_a_connector_that_falls_is_tried_again_and_stops_no_other(place):
    def fall(stop):
        raise ZeroDivisionError("secret words of a customer")

    wrong, right = Scripted([[fall], [told(1), idle]]), Scripted([[told(2), idle]])
    with running(place, wrong, right) as run:
        until(lambda: ids(place) == ["1", "2"])
    assert any("ZeroDivisionError in test_runner.py" in line for line in run.lines)
    assert not any("secret words" in line for line in run.lines)


def test_settings_that_do_not_fit_are_shown_and_stop_nothing(place):
    broken = Source("s0", Scripted([[idle]]), fault="source 's0': server: Field required")
    with running(place, broken, Scripted([[told(1), idle]])):
        found = until(has_status(place, "config"))
        until(lambda: ids(place) == ["1"])
    assert "server: Field required" in found.detail


def budgeted(source, **limits):
    return replace(source.source("s0"), terms=Terms(budget=limits))


def test_a_source_stops_before_its_budget_is_passed_says_what_next_and_a_restart_remembers(place):
    def endless():
        return Scripted([[*(told(n, state=str(n)) for n in range(1_000, 1_020)), idle]])

    for source in (endless(), endless()):
        with running(place, budgeted(source, items_per_month=5)):
            found = until(has_status(place, "waiting"))
            until(lambda: len(ids(place)) == 5)
            until(lambda: '"used": 5' in state_of(place).budget)
    assert source.states == [] or source.states[0] == "1004", "the second start read nothing"
    assert json.loads(found.detail)["key"] == "ingest.spent_items_per_month"
    for language in ("nl", "en"):
        said = words(found.detail, texts(language))
        assert "5" in said and "budget.items_per_month" in said
    assert [line.values["left"] for line in notices(state_of(place), now_ms())] == ["0"]


def test_calls_of_a_connector_are_counted_against_its_own_budget(place):
    source = Scripted(
        [[lambda stop: (called(), told(1))[1], lambda stop: (called(), told(2))[1], lambda stop: called(), told(3)]]
    )
    other = Scripted(
        [[lambda stop: (called(), told("a"))[1], lambda stop: (called(), told("b"))[1], lambda stop: called(), told("c"), idle]]
    )
    with running(place, budgeted(source, calls_per_hour=2), replace(other.source("s1"), terms=Terms())):
        until(has_status(place, "waiting"))
        until(lambda: ids(place) == ["1", "2", "a", "b", "c"])
    assert json.loads(state_of(place).detail)["key"] == "ingest.spent_calls_per_hour" or state_of(place).status == "stopped"


def test_a_refusal_after_the_secret_has_ended_says_so(place):
    ended = replace(Scripted([[AuthFault("401")]]).source("s0"), terms=Terms(secret_expires=datetime(2020, 1, 1, tzinfo=UTC)))
    with running(place, ended):
        found = until(has_status(place, "expired"))
    assert "2020-01-01" in words(found.detail, texts("nl")) and "2020-01-01" in words(found.detail, texts("en"))


def test_bad_records_go_to_quarantine_and_the_rest_goes_on(place):
    with running(place, Scripted([[told(1, bad=1), told(2), idle]])):
        until(lambda: ids(place) == ["1", "2"])
    (payload,) = held(place.engine)
    assert (payload.raw, payload.reason, payload.connector_version) == (b"raw", "broken", "1")


@pytest.mark.parametrize("script", [[told(bad=50), idle], [told(*range(60), bad=40), idle]])
def test_the_breaker_stops_a_source_that_sends_mostly_rubbish(place, script):
    with running(place, Scripted([script]), Scripted([[told("other"), idle]])):
        found = until(has_status(place, "stopped"))
        until(lambda: "other" in ids(place))
        assert len(held(place.engine)) in (40, 50)
    assert json.loads(found.detail)["key"] == "ingest.breaker" and "broken" in found.detail
    assert state_of(place).status == "stopped"


def test_a_gap_is_kept_once(place):
    gap = Missing("posts", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "outage")
    with running(place, Scripted([[told(gap=gap), told(1, gap=gap), idle]])):
        until(lambda: ids(place) == ["1"])
    with place.engine.connect() as connection:
        assert [tuple(row)[1:3] for row in connection.execute(Gap.__table__.select())] == [("s0", "posts")]


def test_an_account_deleted_upstream_is_forgotten(place):
    first = told()
    first.events = [event("1", author="jan"), event("2", author="piet")]
    with running(place, Scripted([[first, told(erased=("jan",)), idle]])):
        until(lambda: ids(place) == ["2"])


def test_a_poll_is_read_again_at_its_own_pace(place):
    source = Scripted([[told(1, state="a")], [told(2, state="b")], []], mode="poll", cadence_s=0.1)
    with running(place, source):
        until(lambda: len(source.states) >= 4)
        assert state_of(place).status == "live"
    assert source.states[:3] == [None, "a", "b"] and ids(place) == ["1", "2"]
    assert min(b - a for a, b in zip(source.read_at, source.read_at[1:4], strict=False)) >= 0.09


def test_a_stream_that_ends_is_connected_again_more_slowly_each_time(place, quick):
    source = Scripted([[told(1)]])
    with running(place, source):
        until(lambda: len(source.read_at) >= 6)
    assert quick[4] > quick[0] * 3 and ids(place) == ["1"]


def test_a_thread_that_hangs_is_replaced_and_not_believed_later(place):
    release = threading.Event()

    def hang(stop):
        release.wait(20)
        return told("late", state="late")

    source = Scripted([[told(1, state="a"), hang], [told(2, state="b"), *[quiet] * 1_000]])
    with running(place, source, limits=Limits(hung_s=0.3)) as run:
        until(lambda: ids(place) == ["1", "2"])
        release.set()
        time.sleep(0.3)
        assert ids(place) == ["1", "2"] and read_state(place.engine, "s0") == "b"
    assert any("says nothing for" in line for line in run.lines)
    assert source.states == [None, "a"]


def test_a_source_that_always_hangs_is_given_up_after_three_threads(place):
    release = threading.Event()
    with running(place, Scripted([[lambda stop: release.wait(20) and None]]), limits=Limits(hung_s=0.1)) as run:
        until(lambda: sum("says nothing" in line for line in run.lines) >= 3)
        time.sleep(0.4)
        assert sum(thread.name == "source s0" for thread in threading.enumerate()) == 3
        assert state_of(place).status == "unreachable"
        release.set()


def test_a_newer_runner_takes_over_and_the_older_one_stops_reading(place):
    go = threading.Event()

    def then(stop):
        go.wait(10)
        return told("too late")

    source = Scripted([[told(1), then, idle]])
    with running(place, source):
        until(lambda: ids(place) == ["1"])
        begin_epoch(place.engine, "s0")
        go.set()
        found = until(has_status(place, "stopped"))
    assert ids(place) == ["1"] and "taken_over" in found.detail


def test_a_full_queue_holds_the_source_back(place, monkeypatch):
    taken, go, work = [], threading.Event(), Writer.work
    monkeypatch.setattr(Writer, "work", lambda self, wait, stopping: (go.wait(10), work(self, wait, stopping))[1])

    def counted(n):
        return lambda stop: (taken.append(n), told(n))[1]

    with running(place, Scripted([[*[counted(n) for n in range(16)], idle]]), batches=2):
        until(lambda: len(taken) == 3)
        time.sleep(0.3)
        assert len(taken) == 3, "two in the queue, one that waits for its turn"
        go.set()
        until(lambda: len(ids(place)) == 16)


def test_stops_within_two_seconds_whatever_its_sources_do(place):
    stubborn = Scripted([[told(1), lambda stop: time.sleep(8)]])
    busy = Scripted([[*[lambda stop: told(random.random()) for _ in range(100_000)]]])
    with running(place, stubborn, busy, Scripted([[Transient("away")]])) as run:
        until(lambda: "1" in ids(place))
        started = time.monotonic()
        run.ask_stop.set()
        run.thread.join(5)
        took = time.monotonic() - started
        assert not run.thread.is_alive()
    assert took < 2.5, "an upper bound with room for a loaded machine; the promise is 2 s"
    assert {each.status for each in sources(place.engine)} <= {"stopped", "unreachable"}
    assert recount(place.engine, place.zone) == []


def test_heartbeats_of_a_quiet_source_are_written_down(place):
    with running(place, Scripted([[quiet] * 5_000])):
        first = until(lambda: (found := state_of(place)) and found.heartbeat_at and found)
        until(lambda: state_of(place).heartbeat_at > first.heartbeat_at)
        assert state_of(place).live and state_of(place).cadence_s == 0.05


def test_deliveries_of_a_push_source_are_read_from_the_inbox(place):
    source = Source("hook", Signed(), Config())
    for number, body in enumerate([b"1", b"2", b"broken"]):
        headers = {"Signature": "secret", "Delivery": f"d{number}"}
        assert deliver(place.engine, source, headers, body, 1_772_438_400_000) == (200, "received")
    with running(place, source):
        until(lambda: ids(place) == ["1", "2"])
        until(lambda: backlog(place.engine) == 0)
        deliver(place.engine, source, {"signature": "secret", "delivery": "d9"}, b"3", 1_772_438_400_000)
        until(lambda: ids(place) == ["1", "2", "3"])
    found = state_of(place, "hook")
    assert (found.received, found.stored, found.quarantined) == (4, 3, 1)


def test_every_detail_has_its_words_in_both_languages(place):
    with running(place, Scripted([[AuthFault("401")]])):
        detail = until(has_status(place, "sign_in")).detail
    for language in ("nl", "en"):
        assert "401" in words(detail, texts(language))
    assert words("", texts("nl")) == "" and words('{"key": "ingest.nonsense", "values": {}}', texts("nl")) == ""
