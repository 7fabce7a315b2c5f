from __future__ import annotations

from sqlalchemy import insert

from store.engine import writing
from store.recount import recount
from store.retention import Wiped, prune, wipe
from store.tables import Quarantine, QuoteApproval
from tests.store.rows import HOUR, NOW, ZONE, all_of, cases_in, keep, row

DAY = 24 * HOUR
LEVELS = ("minute", "hour", "day", "week")


def counted(engine) -> list[int]:
    return [cases_in(engine, level) for level in LEVELS]


def test_minutes_live_two_days_and_hours_four_hundred(store):
    keep(store, row("1", themes=("a",)))
    keep(store, row("2", happened_at=NOW + 3 * DAY, themes=("a",)), now_ms=NOW + 3 * DAY)
    assert counted(store) == [2, 2, 2, 2]
    assert prune(store, NOW + 3 * DAY) == {"rollup_minute": 2, "rollup_hour": 0, "rollup_theme": 0}
    assert counted(store) == [1, 2, 2, 2]
    keep(store, row("3", happened_at=NOW + 401 * DAY), now_ms=NOW + 401 * DAY)
    prune(store, NOW + 401 * DAY)
    assert counted(store) == [1, 2, 3, 3]
    assert all_of(store, "SELECT count(*) FROM rollup_theme WHERE level = 'hour'") == [(1,)]
    assert recount(store, ZONE) == []


def test_an_edit_below_a_seal_leaves_what_is_sealed_alone(store):
    keep(store, row("1"), row("2"))
    later = NOW + 500 * DAY
    keep(store, row("3", happened_at=later), now_ms=later)
    prune(store, later)
    keep(store, row("1", 2, channel="phone"), row("4", happened_at=NOW - HOUR), now_ms=later)
    assert counted(store) == [1, 1, 4, 4]
    assert recount(store, ZONE) == []


def test_a_store_of_old_messages_keeps_what_its_newest_week_needs(store):
    keep(store, row("1"), row("2", happened_at=NOW - 300 * DAY))
    prune(store, NOW + 4_000 * DAY)
    assert [cases_in(store, level) for level in ("hour", "day")] == [2, 2]


def test_a_stamp_from_the_future_seals_nothing(store):
    keep(store, row("1"), row("2", happened_at=NOW + 3_000 * DAY))
    prune(store, NOW)
    assert counted(store) == [2, 2, 2, 2]


def test_a_clock_that_was_set_back_opens_no_seal(store):
    keep(store, row("1", happened_at=NOW + 30 * DAY), now_ms=NOW + 30 * DAY)
    keep(store, row("2"), now_ms=NOW)
    assert cases_in(store, "minute") == 1
    assert recount(store, ZONE) == []


def test_pruning_twice_deletes_nothing_more(store):
    keep(store, row("1"))
    keep(store, row("2", happened_at=NOW + 3 * DAY), now_ms=NOW + 3 * DAY)
    prune(store, NOW + 3 * DAY)
    assert sum(prune(store, NOW + 3 * DAY).values()) == 0


def test_an_empty_store_can_be_pruned(store):
    assert sum(prune(store, NOW).values()) == 0


SECRET = "Anna Geheim woont hier"


def test_a_wipe_leaves_nothing_of_a_person_and_every_count_as_it_was(store):
    keep(store, row("1", author_key="anna", text=SECRET, url="u", thread_key="t", case_key="c", themes=("x",), sentiment=-0.5))
    keep(store, row("2", happened_at=NOW - 40 * DAY, author_key="bram", text="Lang geleden", sentiment=0.4))
    keep(store, row("3", happened_at=NOW - 40 * DAY, source="survey", author_key="cees", text="Andere bron"))
    before = counted(store)
    assert wipe(store, "helpdesk", NOW - 30 * DAY, NOW) == Wiped(1, 0)
    said = all_of(store, "SELECT external_id, text, author_key, sentiment FROM contact")
    assert said == [("1", SECRET, "anna", -0.5), ("2", "", None, 0.4), ("3", "Andere bron", "cees", None)]
    assert wipe(store, "helpdesk", NOW, NOW) == Wiped(1, 0)
    kept = "text, url, author_key, thread_key, case_key, themes, deleted_at"
    assert all_of(store, f"SELECT {kept} FROM contact WHERE external_id = '1'") == [("", "", None, None, "c", "x", None)]
    assert (counted(store), recount(store, ZONE)) == (before, [])


def test_what_was_wiped_is_not_wiped_again_and_a_repeat_does_not_bring_it_back(store):
    keep(store, row("1", author_key="anna", text=SECRET))
    assert wipe(store, "helpdesk", NOW, NOW).contacts == 1
    assert wipe(store, "helpdesk", NOW, NOW).contacts == 0
    keep(store, row("1", author_key="anna", text=SECRET))
    assert all_of(store, "SELECT text, author_key FROM contact") == [("", None)]


def test_many_contacts_are_wiped_in_turns(store, monkeypatch):
    monkeypatch.setattr("store.retention.CHUNK", 2)
    keep(store, *[row(str(i), text=f"woord {i}") for i in range(5)])
    assert wipe(store, "helpdesk", NOW, NOW) == Wiped(5, 0)
    assert all_of(store, "SELECT count(*) FROM contact WHERE text <> ''") == [(0,)]


def test_an_old_payload_in_quarantine_goes_and_an_approved_quote_is_forgotten(store):
    keep(store, row("1", text=SECRET))
    with writing(store) as connection:
        for moment in (NOW - 2 * DAY, NOW):
            values = {"source": "helpdesk", "received_at": moment, "reason": "r", "raw": SECRET.encode()}
            connection.execute(insert(Quarantine).values(**values))
        connection.execute(insert(QuoteApproval).values(contact_id=1, text=SECRET, approved=True, made_by="a", at=NOW))
    assert wipe(store, "helpdesk", NOW - HOUR // 2, NOW) == Wiped(1, 1)
    assert all_of(store, "SELECT received_at FROM quarantine") == [(NOW,)]
    assert all_of(store, "SELECT text FROM quote_approval") == [("",)]
