"""Changes: registered before they start, one running per stage, checked with a customer before they are decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, Engine, Row, insert, select, update

from store.people.audit import record
from store.people.errors import NotFound, Refused, WrongState
from store.people.languages import in_language
from store.people.writing import writing
from store.tables import Change as ChangeTable

KINDS = ("process", "people", "software", "message", "product")
STEPS: dict[str, tuple[str, ...]] = {
    "proposed": ("decided", "dropped"),
    "decided": ("running", "dropped"),
    "running": ("finished", "dropped"),
    "finished": (),
    "dropped": (),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One improvement. Times are UTC epoch milliseconds, 0 is: not yet; `expected` is in the metric's unit."""

    code: str = ""
    what_nl: str = ""
    what_en: str = ""
    why_nl: str = ""
    why_en: str = ""
    kind: str = ""
    journey: str = ""
    stage: str = ""
    channel: str = ""
    metric: str = ""
    direction: str = "up"
    expected: float | None = None
    state: str = "proposed"
    registered_at: int = 0
    started_at: int = 0
    ramp_days: int = 0
    finished_at: int = 0
    due_at: int = 0
    proposed_by: str = ""
    owner: str = ""
    customer_check_nl: str = ""
    customer_check_en: str = ""
    checked_at: int = 0
    override_reason: str = ""
    cost_eur: float | None = None
    small: bool = False

    def what(self, language: str) -> str:
        """Its words in `language` (nl or en), or in the other one where it was never translated."""
        return in_language(language, self.what_nl, self.what_en)

    @property
    def checked(self) -> bool:
        """Whether a customer check was written down, in whichever language."""
        return bool(self.customer_check_nl.strip() or self.customer_check_en.strip())


NAMES = tuple(Change.__dataclass_fields__)


def register_change(engine: Engine, change: Change, who: str, now_ms: int) -> Change:
    """Keep a proposed change and return it with its code; Refused without words or a stage, or with a kind not in KINDS."""
    with writing(engine, now_ms) as connection:
        return register_within(connection, change, who, now_ms)[0]


def register_within(connection: Connection, change: Change, who: str, now_ms: int) -> tuple[Change, int]:
    """`register_change` within the caller's transaction; the change and the id of its row."""
    if not (change.what_nl or change.what_en) or not change.stage:
        raise Refused(f"change: found {change.what_nl!r} at {change.stage!r}, expected what changes and where.", what="text")
    if change.kind not in ("", *KINDS):
        raise Refused(f"change kind: found {change.kind!r}, expected one of {', '.join(KINDS)}.", what="kind")
    code = change.code or _next_code(connection)
    kept = replace(change, code=code, state="proposed", registered_at=now_ms, proposed_by=change.proposed_by or who)
    kept = replace(kept, checked_at=now_ms) if kept.checked and not kept.checked_at else kept
    made = connection.execute(insert(ChangeTable).values(**asdict(kept)))
    record(connection, who, "register", f"change {code}", asdict(kept), now_ms)
    return kept, int(made.inserted_primary_key[0])  # type: ignore[index]


def advance(engine: Engine, code: str, state: str, who: str, now_ms: int, values: Mapping[str, object] | None = None) -> Change:
    """Bring a change to its next state, with `values` (customer_check_nl, customer_check_en, override_reason, cost_eur).

    New words of a customer check carry the present as their moment. WrongState when that step does not follow; Refused when
    `decided` lacks a customer check, or when another change runs in the same stage and no reason is given.
    """
    with writing(engine, now_ms) as connection:
        old = _get(connection, code)
        if state not in STEPS[old.state]:
            raise WrongState(f"change {code}: found {old.state}, expected one that leads to {state}.", subject=code)
        moved = _heard(old, replace(old, **dict(values or {}), state=state), now_ms)
        _check(connection, moved)
        kept = _stamped(moved, now_ms)
        connection.execute(update(ChangeTable).where(ChangeTable.code == code).values(**asdict(kept)))
        record(connection, who, state, f"change {code}", dict(values or {}), now_ms)
        return kept


def record_check(engine: Engine, code: str, words_nl: str, words_en: str, who: str, now_ms: int) -> Change:
    """Write down what customers said of a change that is open, however far it is; what was written before stays in the audit.

    Refused without words; WrongState when the change is over.
    """
    with writing(engine, now_ms) as connection:
        old = _get(connection, code)
        if not STEPS[old.state]:
            raise WrongState(f"change {code}: found {old.state}, expected one that is still open.", subject=code)
        kept = replace(old, customer_check_nl=words_nl.strip(), customer_check_en=words_en.strip(), checked_at=now_ms)
        if not kept.checked:
            raise Refused(f"change {code}: no words, expected who was asked and what they said.", what="customer_check")
        connection.execute(update(ChangeTable).where(ChangeTable.code == code).values(**asdict(kept)))
        words = [in_language("nl", one.customer_check_nl, one.customer_check_en) for one in (old, kept)]
        record(connection, who, "checked", f"change {code}", {"before": words[0], "after": words[1]}, now_ms)
        return kept


def save_change(engine: Engine, change: Change, now_ms: int) -> Change:
    """Keep a change as it stands, with its own dates and state (the demo and imports); the same code replaces it."""
    with writing(engine, now_ms) as connection:
        done = connection.execute(update(ChangeTable).where(ChangeTable.code == change.code).values(**asdict(change)))
        if not done.rowcount:
            connection.execute(insert(ChangeTable).values(**asdict(change)))
        record(connection, "import", "import", f"change {change.code}", asdict(change), now_ms)
        return change


def changes(engine: Engine, journey: str) -> list[Change]:
    """Every change of a journey, in order of code."""
    columns = [getattr(ChangeTable, name) for name in NAMES]
    query = select(*columns).where(ChangeTable.journey == journey).order_by(ChangeTable.code)
    with engine.connect() as connection:
        return [_change(row) for row in connection.execute(query)]


def _check(connection: Connection, change: Change) -> None:
    if change.state == "decided" and not change.checked:
        raise Refused(
            f"change {change.code}: no customer check, expected who was asked and what they said.", what="customer_check"
        )
    if change.state == "running":
        same = (ChangeTable.journey == change.journey, ChangeTable.stage == change.stage, ChangeTable.state == "running")
        other = connection.scalar(select(ChangeTable.code).where(*same, ChangeTable.code != change.code))
        if other and not change.override_reason.strip():
            raise Refused(f"change {change.code}: {other} runs in the same stage, expected a reason.", what="override_reason")


def _heard(old: Change, new: Change, now_ms: int) -> Change:
    """`new` with the moment of its customer check: now when its words are new."""
    same = (old.customer_check_nl, old.customer_check_en) == (new.customer_check_nl, new.customer_check_en)
    return new if same else replace(new, checked_at=now_ms)


def _stamped(change: Change, now_ms: int) -> Change:
    if change.state == "running" and not change.started_at:
        return replace(change, started_at=now_ms)
    if change.state == "finished" and not change.finished_at:
        return replace(change, finished_at=now_ms)
    return change


def _get(connection: Connection, code: str) -> Change:
    columns = [getattr(ChangeTable, name) for name in NAMES]
    row = connection.execute(select(*columns).where(ChangeTable.code == code)).first()
    if row is None:
        raise NotFound(f"change {code}: not in this store.", subject=code)
    return _change(row)


def _change(row: Row) -> Change:
    return Change(**row._mapping)


def _next_code(connection: Connection) -> str:
    taken = set(connection.scalars(select(ChangeTable.code)))
    return next(code for code in (f"V-{number:03d}" for number in range(1, len(taken) + 2)) if code not in taken)
