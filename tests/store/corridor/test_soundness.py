from pathlib import Path

import pytest
from sqlalchemy import update

from store.corridor.soundness import count_faults, empty_log, file_faults, totals
from store.engine import open_store, prepare
from store.erasing import erase
from store.tables import ImportBatch, SourceState
from store.writes import save

from .rows import ZONE, batch, row


def test_a_sound_store(store):
    save(store, batch(row("1"), row("2"), refused=[(b"x", "bad")]), now_ms=5, zone=ZONE)
    save(store, batch(row("2", op="delete", version=2)), now_ms=6, zone=ZONE)
    assert file_faults(store) == [] and count_faults(store) == []
    assert totals(store) == {"contacts": 1, "tombstones": 1, "cursors": 0}


def test_counts_that_do_not_add_up_are_named(store):
    save(store, batch(row("1"), refused=[(b"x", "bad")]), now_ms=5, zone=ZONE)
    with store.begin() as connection:
        connection.execute(update(SourceState).values(stored=7, quarantined=0))
    assert count_faults(store) == [
        "source_state post: received 2, but 7 accounted for",
        "quarantine of post: 1 held, but 0 counted",
    ]


def test_an_imports_counts_too(store):
    with store.begin() as connection:
        connection.execute(
            ImportBatch.__table__.insert().values(source="a", file="f", sha256="s", mapping="", started_at=1, received=3)
        )
    assert count_faults(store) == ["import_batch 1: received 3, but 0 accounted for"]


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_a_damaged_file_is_noticed(tmp_path, damage):
    file = Path(tmp_path / "store.db")
    engine = open_store(f"sqlite:///{file}", writer=True)
    prepare(engine)
    save(engine, batch(*[row(str(n), "tekst " * 50) for n in range(500)]), now_ms=5, zone=ZONE)
    empty_log(engine)
    engine.dispose()
    raw = bytearray(file.read_bytes())
    middle = len(raw) // 2
    raw = (
        raw[: middle - middle % 4096]
        if damage == "cut"
        else raw[:middle] + bytes(byte ^ 0xFF for byte in raw[middle : middle + 8192]) + raw[middle + 8192 :]
    )
    file.write_bytes(raw)
    engine = open_store(f"sqlite:///{file}")
    assert file_faults(engine)
    engine.dispose()


def test_nothing_erased_stays_in_the_log_or_the_file(tmp_path):
    file = tmp_path / "store.db"
    engine = open_store(f"sqlite:///{file}", writer=True)
    prepare(engine)
    save(engine, batch(*[row(str(n), "Jantje Pietersen uit Sneek", author_key="a") for n in range(100)]), now_ms=5, zone=ZONE)
    erase(engine, "post", ["a"], now_ms=6, zone=ZONE)
    empty_log(engine)
    left = [path.name for path in tmp_path.iterdir() if b"Pietersen" in path.read_bytes()]
    engine.dispose()
    assert left == []
