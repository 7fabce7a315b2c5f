from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, MetaData, String, Table, select, text
from sqlalchemy import event as events

from store.bulk import among, empty, insert_rows, new_contact_ids, one_each, taking_turns, update_rows, upsert
from store.engine import reading, writing
from store.tables import Contact, Fact
from tests.store.rows import all_of, keep, one_of, row

CONTACT: Any = Contact.__table__
NOTES = Table("notes", MetaData(), Column("id", BigInteger), Column("said", String), prefixes=["TEMPORARY"])
AWKWARD = ["", "gewoon", 'aan"haling', "back\\slash", "tab\tnewline\n", "€ én 🙂", "null", "\\N", "a,b", "{x}", "12"]


def test_text_comes_back_as_it_went_in(store):
    with writing(store) as connection:
        empty(connection, NOTES)
        insert_rows(connection, NOTES, ("said", "id"), [(said, i) for i, said in enumerate(AWKWARD)])
        assert connection.execute(select(NOTES.c.said).order_by(NOTES.c.id)).scalars().all() == AWKWARD


def test_many_values_are_one_parameter(store):
    wanted = [str(i) for i in range(0, 40_000, 2)]  # more than SQLite takes as parameters
    keep(store, *(row(str(i)) for i in range(5)))
    with reading(store) as connection:
        query = select(CONTACT.c.external_id).where(among(connection, CONTACT.c.external_id, wanted)).order_by("external_id")
        assert connection.execute(query).scalars().all() == ["0", "2", "4"]


@pytest.mark.parametrize("said", AWKWARD)
def test_awkward_values_are_found_too(store, said):
    with writing(store) as connection:
        connection.execute(Fact.__table__.insert().values(key=said, value="x"))
        assert connection.execute(select(Fact.key).where(among(connection, Fact.key, [said, "other"]))).scalars().all() == [said]


def test_one_row_for_each_value(store):
    keep(store, row("1"), row("2"), row("1", source="survey"))
    with reading(store) as connection:
        columns = [CONTACT.c.external_id, CONTACT.c.source]
        mine = (CONTACT.c.source == "helpdesk", CONTACT.c.stream == "tickets")
        found = connection.execute(one_each(connection, columns, CONTACT.c.external_id, ["1", "3"], *mine)).all()
    assert [tuple(each) for each in found] == [("1", "helpdesk")]


@pytest.mark.postgres
def test_postgresql_finds_each_contact_by_its_index(store):
    if store.dialect.name != "postgresql":
        pytest.skip("about PostgreSQL's planner")
    keep(store, *(row(str(i)) for i in range(50)))
    with reading(store) as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # fifty rows are read whole once autovacuum has counted them
        mine = (CONTACT.c.source == "helpdesk", CONTACT.c.stream == "tickets")
        query = one_each(connection, [CONTACT.c.id], CONTACT.c.external_id, ["1", "2"], *mine)
        sql = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.execute(text(f"EXPLAIN {sql}")).scalars())
    assert "external_id)::text = " in plan
    assert "Index Cond" in plan
    assert "Seq Scan on contact" not in plan


def test_rows_are_updated_by_id(store):
    keep(store, row("1"), row("2"))
    with writing(store) as connection:
        ids = connection.execute(select(CONTACT.c.id).order_by(CONTACT.c.id)).scalars().all()
        update_rows(connection, CONTACT, ("text", "url"), [("een", "u1", ids[0])])
        update_rows(connection, CONTACT, ("text", "url"), [])
    assert one_of(store, "SELECT count(*) FROM contact WHERE text = 'een' AND url = 'u1'") == 1


def test_many_rows_are_updated_by_one_statement_on_postgresql_and_say_what_was_given(store):
    said = [*AWKWARD, "🙂" * 999]
    keep(store, *(row(str(n)) for n in range(len(said))), row("other", text="blijft"))
    seen = []
    events.listen(store, "before_cursor_execute", lambda *call: seen.append(call[2]))
    with writing(store) as connection:
        ids = connection.execute(select(CONTACT.c.id).order_by(CONTACT.c.id)).scalars().all()
        news = [
            (text, None if n % 2 else f"u{n}", n / 8 if n % 3 else None, 2**40 + n, ids[n])
            for n, text in reversed(list(enumerate(said)))
        ]
        update_rows(connection, CONTACT, ("text", "thread_key", "sentiment", "version"), news)
    found = all_of(store, "SELECT text, thread_key, sentiment, version, id FROM contact WHERE external_id <> 'other' ORDER BY id")
    assert found == sorted(news, key=lambda each: each[-1])
    assert one_of(store, "SELECT text FROM contact WHERE external_id = 'other'") == "blijft"
    assert sum(statement.startswith("UPDATE contact") for statement in seen) == 1


def test_of_two_updates_of_one_row_the_later_one_stays(store):
    keep(store, row("1"), row("2"))
    with writing(store) as connection:
        first, second = connection.execute(select(CONTACT.c.id).order_by(CONTACT.c.id)).scalars()
        update_rows(connection, CONTACT, ("text",), [(f"{n}", id) for n in range(40) for id in (first, second, 10**15)])
    assert all_of(store, "SELECT text FROM contact") == [("39",), ("39",)]


def test_a_temporary_table_is_empty_each_time_also_after_a_rollback(store):
    for fails in (False, True, False, False):
        try:
            with writing(store) as connection:
                empty(connection, NOTES)
                assert connection.execute(select(NOTES)).all() == []
                insert_rows(connection, NOTES, ("id", "said"), [(1, "x")])
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass


def test_new_ids_follow_each_other(store):
    with taking_turns(store) as connection:
        first = new_contact_ids(connection, 3)
        assert first == list(range(first[0], first[0] + 3))
        assert new_contact_ids(connection, 0) == []


def test_upsert_is_the_databases_own(store):
    for value in ("a", "b"):
        with writing(store) as connection:
            statement = upsert(connection, Fact.__table__).values(key="k", value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value}))
    assert one_of(store, "SELECT value FROM fact WHERE key = 'k'") == "b"
