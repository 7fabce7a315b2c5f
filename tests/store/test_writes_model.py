"""The store against a plain model: whatever happens in whatever order, tables and rollups are the model's to the unit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, text

from store.engine import reading, writing
from store.placing import place
from store.recount import recount
from store.retention import prune
from store.rows import Batch, Row
from store.stored import stored_rows
from store.undo import undo_import
from store.writes import rewrite, save
from tests.faults.counts import times
from tests.store.events import NOW, SOURCE, ZONE, batched, contents, event, histories, mostly
from tests.store.model import Model, assert_same, key_of, stored_contacts, stored_rollups, wipe

pytestmark = pytest.mark.faults

EXAMPLES = settings(
    max_examples=times(100, 300, 20_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def keep(engine: Engine, rows: list[Row], **more) -> None:
    save(engine, Batch(SOURCE, rows, **more), now_ms=NOW, zone=ZONE)


@EXAMPLES
@given(st.data())
def test_the_store_is_the_model(used, data):
    wipe(used)
    rows = data.draw(histories())
    model = Model(ZONE, NOW)
    for batch in data.draw(batched(rows)):
        keep(used, batch)
        model.save(batch)
    assert_same(used, model)
    assert recount(used, ZONE) == []
    with reading(used) as connection:
        counts = connection.execute(text("SELECT received, stored, duplicates, quarantined FROM source_state")).one()
    assert tuple(counts) == (len(rows), model.counts["stored"], model.counts["duplicates"], 0)


@settings(EXAMPLES, max_examples=times(50, 300, 20_000))
@given(st.data())
def test_order_and_batches_do_not_matter(used, data):
    rows = data.draw(histories())
    found = []
    for order in (rows, data.draw(st.permutations(rows)), [*reversed(rows), *rows]):
        wipe(used)
        for batch in data.draw(batched(list(order))):
            keep(used, batch)
        found.append((stored_contacts(used), stored_rollups(used)))
    assert found[0] == found[1] == found[2]


@settings(EXAMPLES, max_examples=times(20, 50, 2_000))
@given(st.data())
def test_a_replay_changes_nothing(used, data):
    wipe(used)
    rows = data.draw(histories())
    keep(used, rows)
    before = (stored_contacts(used), stored_rollups(used))
    saved = save(used, Batch(SOURCE, rows), now_ms=NOW, zone=ZONE)
    assert (saved.stored, saved.duplicates) == (0, len(rows))
    assert (stored_contacts(used), stored_rollups(used)) == before


class Corridor(RuleBasedStateMachine):
    """Everything that can happen to a store, in any order, against the model."""

    engine: Engine

    @initialize(said=st.fixed_dictionaries({(id, version): contents() for id in "ab" for version in (1, 2, 3)}))
    def start(self, said) -> None:
        wipe(self.engine)
        self.said, self.model, self.imports = said, Model(ZONE, NOW), 0

    def event(self, id: str, version: int, op: str) -> Row:
        return event(id, version, op, self.said[id, version])

    picks = st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2, 3]), mostly("upsert", "delete")),
        min_size=1,
        max_size=3,
    )

    @rule(picks=picks)
    def save(self, picks) -> None:
        rows = [self.event(*pick) for pick in picks]
        keep(self.engine, rows)
        self.model.save(rows)

    @precondition(lambda self: not self.model.erased)
    @rule(author=st.sampled_from(["anna", "bram"]), picks=picks)
    def forget(self, author, picks) -> None:
        rows = [self.event(*pick) for pick in picks]
        keep(self.engine, rows, forgotten=[author])
        self.model.save(rows, [author])

    @rule(picks=picks)
    def import_file(self, picks) -> None:
        self.imports += 1
        with writing(self.engine) as connection:
            connection.execute(text(IMPORT), {"id": self.imports})
        rows = [self.event(*pick) for pick in picks]
        keep(self.engine, rows, import_id=self.imports)
        self.model.save(rows, import_id=self.imports)

    @rule(back=st.integers(0, 1))
    def undo(self, back) -> None:
        if self.imports > back:
            undo_import(self.engine, self.imports - back, now_ms=NOW, zone=ZONE)
            self.model.undo(self.imports - back)

    @rule(id=st.sampled_from("ab"), journey=mostly("airline", "seven"), stage=st.sampled_from(["", "arrive"]))
    def place(self, id, journey, stage) -> None:
        key = (SOURCE, "tickets", id)
        with reading(self.engine) as connection:
            found = connection.execute(text("SELECT id FROM contact WHERE external_id = :id"), {"id": id}).scalar()
        if found is not None:
            placed = place(self.engine, found, journey, stage, now_ms=NOW, zone=ZONE)
            assert placed == (key not in self.model.gone)
            self.model.place(key, journey, stage)

    @rule()
    def read_again(self) -> None:
        rows = [row for _, row in stored_rows(self.engine)]
        assert rewrite(self.engine, rows, now_ms=NOW, zone=ZONE) == len(rows)

    @rule()
    def prune(self) -> None:
        prune(self.engine, NOW)

    @invariant()
    def same(self) -> None:
        if hasattr(self, "model"):
            assert_same(self.engine, self.model)
            assert {key_of(row) for _, row in stored_rows(self.engine)} == {key_of(row) for row in self.model.live()}

    def teardown(self) -> None:
        assert recount(self.engine, ZONE) == []


IMPORT = """
INSERT INTO import_batch
(id, source, file, sha256, mapping, started_at, finished_at, undone_at, received, stored, duplicates, quarantined)
VALUES (:id, 'helpdesk', '', '', '', 0, 0, 0, 0, 0, 0, 0)"""


def test_everything_that_can_happen(used):
    machine = type("Machine", (Corridor,), {"engine": used})
    run_state_machine_as_test(machine, settings=settings(EXAMPLES, max_examples=times(30, 100, 2_000), stateful_step_count=20))
