from __future__ import annotations

from store.rows import Observed, Placed
from store.stored import stored_rows
from store.writes import rewrite
from tests.store.rows import NOW, ZONE, all_of, gone, keep, row


def test_a_row_comes_back_as_it_went_in(store):
    went_in = row(
        text="Hallo",
        author_key="a",
        thread_key="t",
        case_key="c",
        language="nl",
        mask_version=2,
        themes=("bags", "delay"),
        segments=("new",),
        url="https://example.test",
        engine="3",
        sentiment=0.5,
        provenance="employee",
        kind="contact",
        placed=[Placed("airline", "fly", "rule", 0.75), Placed("seven", "", "", 1.0)],
        observed=[Observed("contacts", 1.0), Observed("wait", 12.5, 9.0, 4, 2.0, 0.5, 3)],
    )
    keep(store, went_in)
    [(_, came_out)] = stored_rows(store)
    assert came_out == went_in


def test_they_come_by_id_a_few_at_a_time(store):
    keep(store, *(row(str(i)) for i in range(5)), gone("6"))
    seen, after = [], 0
    while found := stored_rows(store, after=after, limit=2):
        assert len(found) <= 2
        seen += [came_out.external_id for _, came_out in found]
        after = found[-1][0]
    assert seen == ["0", "1", "2", "3", "4"]


def test_reading_and_writing_back_changes_nothing(store):
    keep(store, row("1", case_key="k", themes=("a",)), row("2", case_key="k"), row("3", placed=[]))
    tables = ("contact", "placement", "rollup_minute", "rollup_day", "rollup_theme")
    before = [sorted(all_of(store, f"SELECT * FROM {table}"), key=str) for table in tables]
    assert rewrite(store, [found for _, found in stored_rows(store)], now_ms=NOW + 1, zone=ZONE) == 3
    assert [sorted(all_of(store, f"SELECT * FROM {table}"), key=str) for table in tables] == before
