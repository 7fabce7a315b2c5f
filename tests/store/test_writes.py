from __future__ import annotations

import threading

import pytest
from sqlalchemy import event

from store.engine import open_store
from store.errors import OtherZone, StaleEpoch
from store.recount import recount
from store.rows import Batch, Missed, Observed, Placed, Refused, Saved
from store.writes import begin_epoch, read_state, rewrite, save
from tests.faults.counts import times
from tests.store.rows import HOUR, NOW, ZONE, all_of, cases_in, gone, keep, one_of, row


def test_one_contact_is_seen_at_every_level_and_in_its_segments(store):
    assert keep(store, row(segments=("new", "critical"))) == Saved(1, 1, 0, 0)
    for level in ("minute", "hour", "day", "week"):
        assert [cases_in(store, level, segment=s) for s in ("", "new", "critical", "other")] == [1, 1, 1, 0], level


def test_an_empty_batch_moves_the_cursor_and_no_screen(store):
    before = one_of(store, "SELECT version FROM pulse")
    assert keep(store, state="page 2") == Saved(0, 0, 0, 0)
    assert (read_state(store, "helpdesk"), one_of(store, "SELECT version FROM pulse")) == ("page 2", before)


def test_the_pulse_beats_once_per_batch_that_changes_something(store):
    beats = []
    for batch in ([row("1"), row("2")], [row("1")], [row("1", 2)]):
        keep(store, *batch)
        beats.append(one_of(store, "SELECT version FROM pulse"))
    assert beats == [beats[0], beats[0], beats[0] + 1]


def test_a_higher_version_replaces_and_a_lower_one_changes_nothing(store):
    keep(store, row(version=2, text="tweede"))
    assert keep(store, row(version=1, text="eerste")) == Saved(1, 0, 1, 0)
    assert keep(store, row(version=3, text="derde")) == Saved(1, 1, 0, 0)
    assert all_of(store, "SELECT version, text FROM contact") == [(3, "derde")]


def test_events_of_one_contact_in_one_batch_are_judged_in_their_order(store):
    assert keep(store, row(version=1), row(version=3), row(version=2), gone(version=3), row(version=3)) == Saved(5, 3, 2, 0)
    assert one_of(store, "SELECT deleted_at FROM contact") == NOW
    assert cases_in(store) == 0


def test_a_delete_leaves_a_tombstone_without_a_word(store):
    keep(store, row(text="geheim", author_key="a", case_key="c", url="u", thread_key="t", themes=("x",), segments=("y",)))
    keep(store, gone(version=2))
    said = "text, author_key, case_key, url, thread_key, themes, segments"
    assert all_of(store, f"SELECT version, {said} FROM contact") == [(2, "", None, None, "", None, "", "")]
    assert all_of(store, "SELECT * FROM observation") == all_of(store, "SELECT * FROM rollup_theme") == []


def test_a_delete_before_its_create_leaves_a_tombstone_that_the_create_cannot_revive(store):
    keep(store, gone(version=5))
    assert keep(store, row(version=5)).duplicates == 1
    assert cases_in(store) == 0
    assert keep(store, row(version=6)).stored == 1
    assert cases_in(store) == 1


def test_an_edit_moves_what_a_contact_contributed(store):
    keep(store, row(placed=[Placed("airline", "fly", "rule")]))
    keep(store, row(version=2, placed=[Placed("airline", "service", "rule")], happened_at=NOW - 100 * HOUR))
    found = all_of(store, "SELECT stage, n FROM rollup_day WHERE metric = 'contacts'")
    assert found == [("service", 1)]


def test_several_contacts_of_a_case_count_once(store):
    low, high = [Observed("sentiment", -0.5, 3.25)], [Observed("sentiment", 0.5, 7.75)]
    keep(store, row("1", case_key="k", observed=high))
    keep(store, row("2", case_key="k", observed=low, happened_at=NOW - 2 * HOUR))
    assert all_of(store, "SELECT n, m1 FROM rollup_week") == [(1, 5_500)]
    assert all_of(store, "SELECT bucket FROM rollup_hour") == [((NOW - 2 * HOUR) // HOUR,)]
    keep(store, gone("2", 2))
    assert all_of(store, "SELECT n, m1 FROM rollup_week") == [(1, 7_750)]
    assert all_of(store, "SELECT bucket FROM rollup_hour") == [((NOW - HOUR) // HOUR,)]


def test_bins_keep_rows_of_their_own(store):
    keep(store, row("1", observed=[Observed("wait", 12.0, bin=3)]), row("2", observed=[Observed("wait", 0.0, bin=-1)]))
    assert all_of(store, "SELECT bin, n, v FROM rollup_week ORDER BY bin") == [(-1, 1, 0), (3, 1, 12_000)]


def test_a_contact_without_a_place_still_counts(store):
    keep(store, row(placed=[]))
    assert all_of(store, "SELECT journey, stage, n FROM rollup_week WHERE metric = 'contacts'") == [("", "", 1)]


def test_minutes_older_than_two_days_are_not_even_written(store):
    keep(store, row("1", happened_at=NOW - 47 * HOUR), row("2", happened_at=NOW - 50 * HOUR))
    assert [cases_in(store, level) for level in ("minute", "hour")] == [1, 2]
    assert recount(store, ZONE) == []


def test_counts_add_up_over_batches(store):
    keep(store, row("1"), row("2"), refused=[Refused("tickets", b"?", "no JSON")])
    keep(store, row("1"), row("3", text="\ud83d"))
    counts = all_of(store, "SELECT received, stored, duplicates, quarantined FROM source_state")
    assert counts == [(5, 2, 1, 2)]


@pytest.mark.faults
def test_a_source_knows_its_newest_event_but_believes_no_clock_from_the_future(store):
    keep(store, row("1"), row("2", happened_at=NOW + 9 * HOUR))
    assert all_of(store, "SELECT last_event_at, last_stored_at FROM source_state") == [(NOW - HOUR, NOW)]
    keep(store, row("3", happened_at=NOW - 2 * HOUR))
    assert one_of(store, "SELECT last_event_at FROM source_state") == NOW - HOUR


def test_quarantine_keeps_the_first_256_kB_and_says_so(store):
    keep(store, refused=[Refused("s", b"x" * 300_000, "too large", "1.2")])
    found = all_of(store, "SELECT length(raw), reason, connector_version, received_at, state FROM quarantine")
    assert found == [(262_144, "too large (kept 262144 of 300000 bytes)", "1.2", NOW, "held")]


def test_a_gap_is_noted_once(store):
    for _ in range(2):
        keep(store, missed=[Missed("tickets", 1, 2, "retention upstream")])
    assert all_of(store, "SELECT source, stream, from_at, to_at, reason FROM gap") == [
        ("helpdesk", "tickets", 1, 2, "retention upstream")
    ]


def test_a_stale_runner_commits_nothing(store):
    old, new = begin_epoch(store, "helpdesk"), begin_epoch(store, "helpdesk")
    assert new == old + 1
    keep(store, row("1"), state="mine", epoch=new)
    with pytest.raises(StaleEpoch, match="found epoch 1, expected 2"):
        keep(store, row("2"), state="theirs", epoch=old)
    assert (cases_in(store), read_state(store, "helpdesk")) == (1, "mine")
    assert one_of(store, "SELECT received FROM source_state") == 1


def test_another_source_has_its_own_epoch(store):
    assert [begin_epoch(store, source) for source in ("a", "a", "b")] == [1, 2, 1]
    assert read_state(store, "a") is None


def test_days_of_two_zones_are_never_mixed(store):
    keep(store, row())
    with pytest.raises(OtherZone, match="filled in 'Europe/Amsterdam', expected 'Asia/Tokyo'"):
        save(store, Batch("helpdesk", [row("2")]), now_ms=NOW, zone="Asia/Tokyo")
    assert cases_in(store) == 1


def test_rows_are_read_anew_in_their_own_version(store):
    keep(store, row("1", themes=("delay",)), row("2"))
    again = [row("1", observed=[Observed("contacts", 1.0), Observed("sentiment", -1.0, 1.0)], themes=("bags",))]
    assert rewrite(store, again, now_ms=NOW, zone=ZONE) == 1
    assert all_of(store, "SELECT n, m1 FROM rollup_week WHERE metric = 'sentiment'") == [(2, 8_750)]
    assert all_of(store, "SELECT DISTINCT theme FROM rollup_theme") == [("bags",)]
    assert recount(store, ZONE) == []


def test_reading_anew_loses_to_what_came_meanwhile(store):
    keep(store, row("1", version=2, text="nieuw"), gone("2"))
    assert rewrite(store, [row("1", text="oud"), row("2"), row("3")], now_ms=NOW, zone=ZONE) == 0
    assert one_of(store, "SELECT text FROM contact WHERE external_id = '1'") == "nieuw"


def test_nothing_is_rewritten_when_one_row_cannot_be_stored(store):
    keep(store, row("1"))
    with pytest.raises(ValueError, match="rewrite: found a row that cannot be stored"):
        rewrite(store, [row("1", text="anders"), row("2", text="\0")], now_ms=NOW, zone=ZONE)
    assert one_of(store, "SELECT text FROM contact") == ""


@pytest.mark.faults
@pytest.mark.parametrize("n", range(1, 1 + times(40, 40, 200)))
def test_a_batch_whose_nth_statement_fails_is_rolled_back_whole(store, n):
    keep(store, row("1", case_key="k", themes=("a",)), row("2", author_key="anna"))
    before = everything(store)
    batch = Batch(
        "helpdesk",
        [row("1", 2, case_key="k", segments=("new",)), row("3", case_key="k", themes=("b",), segments=("new",)), gone("4")],
        refused=[Refused("s", b"?", "why")],
        missed=[Missed("s", 1, 2, "why")],
        state="next",
        epoch=1,
        forgotten=["anna"],
    )
    failed = fails_at(store, n, lambda: save(store, batch, now_ms=NOW, zone=ZONE))
    if failed:
        assert everything(store) == before
        assert save(store, batch, now_ms=NOW, zone=ZONE).received == 4
    assert (recount(store, ZONE), cases_in(store)) == ([], 1)


class Broken(Exception):
    """The fault that a test puts in."""


def fails_at(engine, n, work) -> bool:
    """Whether work failed when its nth statement did; the commit counts as a statement too."""
    calls = iter(range(1, 1_000))

    def count(*_):
        if next(calls) == n:
            raise Broken

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        work()
    except Broken:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)
    return False


def everything(engine) -> dict[str, list[tuple]]:
    tables = ("contact", "placement", "observation", "rollup_minute", "rollup_hour", "rollup_day", "rollup_week", "rollup_theme")
    rest = ("cursor", "source_state", "quarantine", "gap", "erasure", "pulse")
    return {table: sorted(all_of(engine, f"SELECT * FROM {table}"), key=str) for table in (*tables, *rest)}


def test_the_faults_reach_past_the_last_statement_of_a_batch(sqlite_store):
    """Else the test above could pass without ever failing a commit."""
    seen = []
    event.listen(sqlite_store, "before_cursor_execute", lambda *_: seen.append(1))
    keep(sqlite_store, row("1", case_key="k", themes=("a",)), state="s", epoch=1)
    assert 10 < len(seen) < 35


def test_writers_of_one_case_take_turns(store):
    """Two sources tell of one case at once: neither may miss the other's."""
    engines = [store, open_store(store.url.render_as_string(hide_password=False), writer=True)]
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for i in range(8):
                keep(engines[number], row(f"{number}-{i}", case_key=f"case {i}"))
        except BaseException as fault:
            failures.append(fault)
            raise

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engines[1].dispose()
    assert failures == []
    assert (cases_in(store), recount(store, ZONE)) == (8, [])
