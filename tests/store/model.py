"""A plain model of the store: a dict of winning events, from which every rollup is computed from scratch, by other means.

It shares no code with store/: fractions instead of floats, datetime instead of cached buckets, loops instead of SQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, text

from store.engine import reading, writing
from store.rows import Row
from store.tables import Base

LEVELS = ("minute", "hour", "day", "week")
SUMS = "n, w, w2, m1, m2, v"


def wipe(engine: Engine) -> None:
    """Empty a store that was used before: much cheaper than a new one."""
    with writing(engine) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "pulse":
                connection.execute(delete(table))


def restart_ids(engine: Engine) -> None:
    """Let ids begin at 1 again, as in a new store."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence"))
            return
        for sequence in connection.execute(text("SELECT sequencename FROM pg_sequences")).scalars().all():
            connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))


@dataclass
class Model:
    """What a store should hold after the same events in the same order."""

    zone: str
    now_ms: int
    contacts: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    brought_by: dict[tuple[str, str, str], int | None] = field(default_factory=dict)
    by_hand: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    gone: set[tuple[str, str, str]] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def save(self, rows: list[Row], forgotten: list[str] = [], import_id: int | None = None) -> None:  # noqa: B006
        """Take one batch in."""
        self.forget(forgotten)
        for row in rows:
            self.counts["received"] += 1
            self.counts["stored" if self._take(row, import_id) else "duplicates"] += 1

    def _take(self, row: Row, import_id: int | None) -> bool:
        key, before = key_of(row), self.contacts.get(key_of(row))
        deleted = row.op == "delete"
        if row.author_key in self.erased and not deleted:
            return False
        if before is not None and (row.version, deleted) <= (before.version, key in self.gone):
            return False
        same_import = before is None or self.brought_by[key] == import_id
        self.brought_by[key] = import_id if same_import else None
        self.contacts[key] = row
        (self.gone.add if deleted else self.gone.discard)(key)
        return True

    def forget(self, authors: list[str]) -> None:
        """Erase authors."""
        self.erased |= set(authors)
        for key, row in self.contacts.items():
            if row.author_key in authors and key not in self.gone:
                self.gone.add(key)
                self.by_hand.pop(key, None)

    def place(self, key: tuple[str, str, str], journey: str, stage: str) -> None:
        """A person's placement."""
        if key in self.contacts and key not in self.gone:
            self.by_hand[key][journey] = stage

    def undo(self, import_id: int) -> None:
        """Undo an import."""
        for key in [key for key, brought in self.brought_by.items() if brought == import_id]:
            del self.contacts[key], self.brought_by[key]
            self.gone.discard(key)
            self.by_hand.pop(key, None)

    def live(self) -> list[Row]:
        """The contacts that count."""
        return [row for key, row in self.contacts.items() if key not in self.gone]

    def places(self, row: Row) -> dict[str, str]:
        """Stage per journey."""
        machine = {placed.journey: placed.stage for placed in row.placed}
        return (machine | self.by_hand.get(key_of(row), {})) or {"": ""}

    def rollups(self) -> dict[str, dict[tuple[Any, ...], tuple[int, ...]]]:
        """Every level: key to sums, without rows that are all zero."""
        found: dict[str, dict[tuple[Any, ...], list[int]]] = {level: defaultdict(lambda: [0] * 6) for level in LEVELS}
        for members in self._cases().values():
            first = min(members, key=lambda m: (m["at"], m["bin"]))
            sums = _contribution(members)
            for level, bucket in zip(LEVELS, calendar(first["at"], self.zone), strict=True):
                if level == "minute" and bucket < (self.now_ms // 3_600_000 - 48) * 60:
                    continue
                for segment in {"", *first["segments"]}:
                    key = (bucket, *first["place"], first["channel"], segment, first["metric"], first["bin"])
                    found[level][key] = [a + b for a, b in zip(found[level][key], sums, strict=True)]
        return {level: {k: tuple(v) for k, v in cells.items() if any(v)} for level, cells in found.items()}

    def _cases(self) -> dict[Any, list[dict[str, Any]]]:
        cases: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in self.live():
            for journey, stage in self.places(row).items():
                for number, seen in enumerate(row.observed):
                    member = {"at": row.happened_at, "bin": seen.bin, "metric": seen.metric, "channel": row.channel}
                    member |= {"place": (journey, stage), "segments": frozenset(row.segments), "seen": seen}
                    case = row.case_key or (*key_of(row), number)
                    cases[case, journey, stage, row.channel, seen.metric, frozenset(row.segments)].append(member)
        return cases

    def themes(self) -> dict[tuple[Any, ...], tuple[int, int, int]]:
        """Theme rollups: (level, bucket, journey, stage, channel, theme) to n, nm, m1."""
        found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self.live():
            marks = [Fraction(o.mark) for o in row.observed if o.metric == "sentiment" and o.mark is not None]
            amount = (1, int(bool(marks)), round(1000 * sum(marks) / len(marks)) if marks else 0)
            for (journey, stage), theme in [(p, t) for p in self.places(row).items() for t in set(row.themes)]:
                for level, bucket in list(zip(LEVELS, calendar(row.happened_at, self.zone), strict=True))[1:]:
                    key = (level, bucket, journey, stage, row.channel, theme)
                    found[key] = [a + b for a, b in zip(found[key], amount, strict=True)]
        return {key: (n, nm, m1) for key, (n, nm, m1) in found.items()} if self.live() else {}


def _contribution(members: list[dict[str, Any]]) -> list[int]:
    def mean(numbers: list[float]) -> Fraction:
        return sum((Fraction(x) for x in numbers), Fraction(0)) / len(numbers)

    seen = [member["seen"] for member in members]
    count, weight, value = mean([o.count for o in seen]), mean([o.weight for o in seen]), mean([o.value for o in seen])
    marks = [o.mark for o in seen if o.mark is not None]
    mark = round(1000 * mean(marks)) if marks else 0
    weights = round(1000 * count * weight)
    half_up = Fraction(1, 2)
    m1, m2 = ((Fraction(weights * m, 1000) + half_up).__floor__() for m in (mark, mark * mark))
    return [round(count), weights, round(1_000_000 * count * weight * weight), m1, m2, round(1000 * count * weight * value)]


def calendar(ms: int, zone: str) -> tuple[int, int, int, int]:
    """Minute, hour, day and week, the slow way."""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    local = utc.astimezone(ZoneInfo(zone))
    year, week, _ = local.isocalendar()
    return ms // 60_000, ms // 3_600_000, int(f"{local:%Y%m%d}"), year * 100 + week


def key_of(row: Row) -> tuple[str, str, str]:
    """A contact's identity."""
    return row.source, row.stream, row.external_id


def stored_rollups(engine: Engine) -> dict[str, dict[tuple[Any, ...], tuple[int, ...]]]:
    """What the store's rollups say, in the model's form (also rows of zeros, which the model never has)."""
    key = "bucket, journey, stage, channel, segment, metric, bin"
    with reading(engine) as connection:
        rows = {level: connection.execute(text(f"SELECT {key}, {SUMS} FROM rollup_{level}")).all() for level in LEVELS}
    return {level: {tuple(row[:7]): tuple(row[7:]) for row in found} for level, found in rows.items()}


def stored_themes(engine: Engine) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """What the store's theme rollups say, in the model's form."""
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT level, bucket, journey, stage, channel, theme, n, nm, m1 FROM rollup_theme")).all()
    return {tuple(row[:6]): tuple(row[6:]) for row in rows}


def stored_contacts(engine: Engine) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Key to (version, deleted, text, happened_at, author, case, themes, segments)."""
    columns = "version, deleted_at IS NOT NULL, text, happened_at, author_key, case_key, themes, segments"
    with reading(engine) as connection:
        rows = connection.execute(text(f"SELECT source, stream, external_id, {columns} FROM contact")).all()
    return {tuple(row[:3]): (row[3], bool(row[4]), *row[5:]) for row in rows}


def expected_contacts(model: Model) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """The model's contacts in the form of `stored_contacts`."""
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for key, row in model.contacts.items():
        said: tuple[Any, ...] = ("", row.happened_at, None, None, "", "")
        if key not in model.gone:
            words = (" ".join(sorted(set(row.themes))), " ".join(sorted(set(row.segments))))
            said = (row.text, row.happened_at, row.author_key, row.case_key, *words)
        found[key] = (row.version, key in model.gone, *said)
    return found


def assert_same(engine: Engine, model: Model) -> None:
    """Fail unless the store holds just what the model does."""
    assert stored_contacts(engine) == expected_contacts(model)
    found = stored_rollups(engine)
    for level, expected in model.rollups().items():
        assert found[level] == expected, level
    assert stored_themes(engine) == model.themes()
