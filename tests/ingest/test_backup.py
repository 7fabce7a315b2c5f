import json
import os
import random
import sqlite3
import threading
import zipfile

import pytest
from sqlalchemy import select

from ingest import backup as backups
from ingest import lock
from ingest.__main__ import main
from ingest.backup import backup, checked, restore
from ingest.errors import AlreadyRuns, Unfit
from ingest.forgetting import forget
from ingest.opening import now_ms, open_place
from store.corridor import copies
from store.corridor.soundness import count_faults, file_faults
from store.people.audit import verify
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.tables import Pulse
from store.writes import save
from tests.faults.counts import times
from tests.faults.dying import die, dying

from .conftest import event

ZONE = "Europe/Amsterdam"
ROUNDS = times(2, 5, 200)


def fill(place, first, count, **more):
    rows, _ = place.pipeline("post").prepare([event(str(n), **more) for n in range(first, first + count)], now_ms())
    save(place.engine, Batch("post", rows, state=str(first + count)), now_ms=now_ms(), zone=place.zone)


def ids(url, chosen):
    place = open_place(url, chosen)
    try:
        assert recount(place.engine, place.zone) == [] == count_faults(place.engine) == file_faults(place.engine)
        assert list(verify(place.engine)) == []
        return sorted((row.external_id for _, row in stored_rows(place.engine, limit=10_000)), key=int)
    finally:
        place.close()


def numbers(count):
    return [str(n) for n in range(count)]


def test_a_restored_store_is_the_one_of_that_moment(any_place, chosen, tmp_path):
    fill(any_place, 0, 20, author="jan")
    made = backup(any_place.url, tmp_path / "a.backup")
    assert made.rows["contact"] == 20 and [file.name for file in tmp_path.glob("a.*")] == ["a.backup"]
    fill(any_place, 20, 5)
    any_place.close()
    restore(any_place.url, tmp_path / "a.backup", ZONE, replace=True)
    assert ids(any_place.url, chosen) == numbers(20)
    again = open_place(any_place.url, chosen)
    fill(again, 20, 3)
    again.close()
    assert ids(any_place.url, chosen) == numbers(23), "new contacts get ids of their own"


def test_screens_are_told(any_place, tmp_path):
    fill(any_place, 0, 2)
    backup(any_place.url, tmp_path / "a.backup")
    for n in range(5):
        fill(any_place, 10 + n, 1)

    def pulse():
        with any_place.engine.connect() as connection:
            return connection.scalar(select(Pulse.version))

    before = pulse()
    restore(any_place.url, tmp_path / "a.backup", ZONE, replace=True)
    assert pulse() > before, "an open connection sees the restored store, under a newer version"


def test_who_was_forgotten_after_the_backup_stays_forgotten(any_place, chosen, tmp_path):
    fill(any_place, 0, 3, author="jan")
    fill(any_place, 3, 3, author="piet")
    backup(any_place.url, tmp_path / "a.backup")
    forget(any_place, "jan", "post")
    restore(any_place.url, tmp_path / "a.backup", ZONE, replace=True)
    assert ids(any_place.url, chosen) == ["3", "4", "5"]
    fill(any_place, 7, 1, author="jan")
    assert ids(any_place.url, chosen) == ["3", "4", "5"]


def test_a_store_that_holds_data_is_not_overwritten_unasked(any_place, chosen, tmp_path):
    fill(any_place, 0, 3)
    backup(any_place.url, tmp_path / "a.backup")
    fill(any_place, 3, 1)
    with pytest.raises(Unfit, match="--replace"):
        restore(any_place.url, tmp_path / "a.backup", ZONE)
    assert ids(any_place.url, chosen) == numbers(4)


def test_an_empty_store_needs_no_asking(place, chosen, tmp_path):
    fill(place, 0, 3)
    backup(place.url, tmp_path / "a.backup")
    fresh = f"sqlite:///{tmp_path}/new/store.db"
    restore_to = tmp_path / "new"
    restore_to.mkdir()
    restore(fresh, tmp_path / "a.backup", ZONE)
    assert ids(fresh, chosen) == numbers(3)


def test_a_file_that_exists_is_never_touched(place, tmp_path):
    (tmp_path / "a.backup").write_text("other")
    with pytest.raises(Unfit, match="already"):
        backup(place.url, tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "other"


def test_not_while_ingest_works_over_it(place, chosen, tmp_path):
    backup(place.url, tmp_path / "a.backup")
    with lock.only_runner(place.url), pytest.raises(AlreadyRuns):
        restore(place.url, tmp_path / "a.backup", ZONE, replace=True)


def test_a_backup_that_was_changed_or_cut_is_refused_and_changes_nothing(place, chosen, tmp_path):
    fill(place, 0, 30)
    file = tmp_path / "a.backup"
    backup(place.url, file)
    whole, chance = file.read_bytes(), random.Random(4)
    for n in range(30):
        at = chance.randrange(len(whole))
        spoilt = whole[:at] if n % 3 == 0 else whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :]
        file.write_bytes(spoilt)
        try:
            restore(place.url, file, ZONE, replace=True)
        except Unfit:
            continue
        assert ids(place.url, chosen) == numbers(30), f"byte {at} did not matter, so nothing may differ"
    assert ids(place.url, chosen) == numbers(30)


@pytest.mark.parametrize("change", [{"format": 2}, {"kind": "postgresql"}, {"sha256": {}}, {"made_at": None, "extra": 1}])
def test_a_backup_of_another_kind_is_refused(place, tmp_path, change):
    backup(place.url, tmp_path / "a.backup")
    with zipfile.ZipFile(tmp_path / "a.backup") as whole:
        manifest = json.loads(whole.read("manifest.json")) | change
        image = whole.read("store.db")
    with zipfile.ZipFile(tmp_path / "b.backup", "w") as other:
        other.writestr("store.db", image)
        other.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Unfit):
        restore(place.url, tmp_path / "b.backup", ZONE, replace=True)


def test_a_damaged_store_is_set_aside(place, chosen, tmp_path):
    fill(place, 0, 9)
    backup(place.url, tmp_path / "a.backup")
    place.close()
    file = tmp_path / "store.db"
    file.write_bytes(b"no database at all" * 500)
    with pytest.raises(Exception, match=r"damaged|not a database"):
        restore(place.url, tmp_path / "a.backup", ZONE)
    restore(place.url, tmp_path / "a.backup", ZONE, replace=True)
    assert ids(place.url, chosen) == numbers(9) and len(list(tmp_path.glob("store.db.damaged-*"))) == 1


@pytest.mark.faults
def test_under_load_it_is_some_committed_moment(any_place, chosen, tmp_path):
    """A writer goes on in batches of seven: each backup holds whole batches, with rollups and cursor that belong to them."""
    stop, far = threading.Event(), [0]

    def write():
        while not stop.is_set():
            fill(any_place, far[0], 7)
            far[0] += 7

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = []
        for n in range(ROUNDS):
            while far[0] < 20 * (n + 1):
                stop.wait(0.01)
            made.append(backup(any_place.url, tmp_path / f"{n}.backup"))
    finally:
        stop.set()
        writer.join()
    for n, manifest in enumerate(made):
        restore(any_place.url, tmp_path / f"{n}.backup", ZONE, replace=True)
        found = ids(any_place.url, chosen)
        assert (
            found == numbers(len(found)) and len(found) % 7 == 0 and len(found) == manifest.rows["contact"] >= 20 * (n + 1) - 20
        )


BACKING_UP = {"_part": 1, "checked": 1, "_on_disk": 1}
OF_A_FILE, OF_TABLES = {**BACKING_UP, "_remove": 1}, {**BACKING_UP, "_part": 20, "_digest": 20}


@pytest.mark.faults
@pytest.mark.parametrize("step", sorted({*OF_A_FILE, *OF_TABLES}))
def test_a_backup_killed_at_any_step_leaves_no_file_and_the_next_one_succeeds(any_place, tmp_path, step):
    """On PostgreSQL also in the middle of the tables: the twentieth of them, and the twentieth that is read back."""
    steps = OF_A_FILE if any_place.engine.dialect.name == "sqlite" else OF_TABLES
    if step not in steps:
        pytest.skip("no step of this database's backup")
    fill(any_place, 0, 9)
    any_place.engine.dispose()
    dying(lambda: backup(any_place.url, tmp_path / "a.backup"), (backups, step), nth=steps[step])
    assert not (tmp_path / "a.backup").exists()
    left = tmp_path / "a.backup.part"
    if step not in ("checked", "_on_disk", "_digest"):  # from there on it is whole, and only lacks its name
        with pytest.raises(Unfit, match="no whole backup"):
            checked(left)
    backup(any_place.url, tmp_path / "a.backup")
    assert checked(tmp_path / "a.backup").rows["contact"] == 9
    assert sorted(file.name for file in tmp_path.glob("a.*")) == ["a.backup"]


RESTORING = {
    "the tables": ("_copy", 9),
    "the last table": ("_set_sequences", 1),
    "who was forgotten": ("_forget", 1),
    "end": ("_beat", 1),
}


@pytest.mark.faults
@pytest.mark.postgres
@pytest.mark.parametrize("step", RESTORING)
def test_a_restore_of_tables_killed_at_any_step_leaves_the_old_store_and_the_next_one_finishes(
    postgres_url, chosen, tmp_path, step
):
    place = open_place(postgres_url, chosen)
    fill(place, 0, 60)
    backup(place.url, tmp_path / "a.backup")
    fill(place, 60, 10)
    place.close()
    name, nth = RESTORING[step]
    dying(lambda: restore(postgres_url, tmp_path / "a.backup", ZONE, replace=True), (copies, name), nth=nth)
    assert ids(postgres_url, chosen) == numbers(70)
    restore(postgres_url, tmp_path / "a.backup", ZONE, replace=True)
    assert ids(postgres_url, chosen) == numbers(60)


class Half(sqlite3.Connection):
    """A connection that dies in the middle of a copy."""

    def backup(self, target, *, pages=-1, **_):
        left = []
        super().backup(
            target, pages=3, progress=lambda status, remaining, total: left.append(remaining) or (len(left) > 2 and die())
        )


@pytest.mark.faults
@pytest.mark.parametrize("step", ["_pour", "_refuse_faults", "put_image", "half"])
def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new_and_the_next_one_finishes(
    place, chosen, tmp_path, step, monkeypatch
):
    fill(place, 0, 60)
    backup(place.url, tmp_path / "a.backup")
    fill(place, 60, 10)
    place.close()
    if step == "half":
        connect = sqlite3.connect
        monkeypatch.setattr(copies.sqlite3, "connect", lambda file, **more: connect(file, factory=Half, **more))
        dying(lambda: restore(place.url, tmp_path / "a.backup", ZONE, replace=True))
        monkeypatch.undo()
        os.environ["KLANTBLIK_KEY"] = "0123456789abcdef0123456789abcdef"
    else:
        module = copies if step == "put_image" else backups
        dying(lambda: restore(place.url, tmp_path / "a.backup", ZONE, replace=True), (module, step))
    assert ids(place.url, chosen) == numbers(70)
    restore(place.url, tmp_path / "a.backup", ZONE, replace=True)
    assert ids(place.url, chosen) == numbers(60)
    assert not list(tmp_path.glob("*.restoring*"))


def test_the_verbs(place, tmp_path, capsys):
    fill(place, 0, 4)
    file = str(tmp_path / "a.backup")
    assert main(["backup", file, "--store", place.url]) == 0 and "4 contacts" in capsys.readouterr().out
    assert main(["restore", file, "--store", place.url]) == 2 and "--replace" in capsys.readouterr().err
    assert main(["restore", file, "--replace", "--store", place.url]) == 0 and "4 contacts" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "none"), "--store", place.url]) == 2 and "found no file" in capsys.readouterr().err
