"""The register of promises: versions that are never overwritten, drafted by one person and approved by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from metrics.promise import DEFAULT_SHARE
from metrics.promise import Promise as Measured
from metrics.segments import SEGMENTS
from store.people.audit import record
from store.people.errors import NotFound, Refused, SamePerson, WrongState
from store.people.languages import in_language
from store.people.writing import writing
from store.tables import Promise as PromiseTable
from store.tables import PromiseVersion

IMPORT = "import"
SOFT_MARKS = (6.5, 8.0, 9.0)


@dataclass(frozen=True, slots=True)
class Promise:
    """One version of a promise. Times are UTC epoch milliseconds, `threshold` is in the metric's unit, shares are 0-1.

    `ends_at` is when it stopped being said: its own `valid_to`, or the start of the version that followed it (`followed`).
    """

    code: str = ""
    text_nl: str = ""
    text_en: str = ""
    journey: str = ""
    stage: str = ""
    channel: str = ""
    segment: str = ""
    kind: str = "soft"
    metric: str = ""
    threshold: float | None = None
    share: float | None = None
    soft_mark: float | None = None
    valid_from: int = 0
    valid_to: int | None = None
    reach: float = 1.0
    emphasis: int = 2
    floor: float | None = None
    campaign_nl: str = ""
    campaign_en: str = ""
    said_where_nl: str = ""
    said_where_en: str = ""
    link: str = ""
    owner: str = ""
    evidence: str = ""
    version: int = 0
    state: str = "draft"
    made_by: str = ""
    approved_by: str = ""
    at: int = 0
    ends_at: int | None = None
    followed: bool = False

    def text(self, language: str) -> str:
        """Its words in `language` (nl or en), or in the other one where it was never translated."""
        return in_language(language, self.text_nl, self.text_en)

    def campaign(self, language: str) -> str:
        """The campaign that it was part of, in `language` or the other one; '' without."""
        return in_language(language, self.campaign_nl, self.campaign_en)

    def said_where(self, language: str) -> str:
        """Where customers met it, in `language` or the other one; '' when nobody wrote it down."""
        return in_language(language, self.said_where_nl, self.said_where_en)

    def measured(self, truth: bool = False) -> Measured:
        """The promise as metrics judge it; a text without a share counts as kept from 95%. `truth`: a moment of truth."""
        return Measured(
            id=f"{self.code}.{self.version}",
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.ends_at,
            metric=self.metric,
            threshold=self.threshold,
            share=self.share or DEFAULT_SHARE,
            soft_mark=self.soft_mark,
            channel=self.channel,
            reach=self.reach,
            emphasis=self.emphasis,
            moment_of_truth=truth,
            floor=self.floor,
        )

    def holds(self, at_ms: int) -> bool:
        """Whether it was being said at that moment."""
        return self.valid_from <= at_ms and (self.ends_at is None or at_ms < self.ends_at)


STORED = tuple(f.name for f in fields(Promise) if f.name not in ("code", "ends_at", "followed"))
SAID = tuple(name for name in STORED if name not in ("version", "state", "made_by", "approved_by", "at"))


def save_draft(engine: Engine, promise: Promise, who: str, now_ms: int) -> Promise:
    """Keep `promise` as a new draft and return it with its code and version; without a code it is a new promise.

    Raises Refused for a promise that cannot be checked, NotFound for a code that this store does not have.
    """
    check(promise)
    with writing(engine, now_ms) as connection:
        code = promise.code or _next_code(connection)
        id = _id(connection, code) if promise.code else _create(connection, code, now_ms)
        draft = replace(promise, code=code, state="draft", made_by=who, approved_by="", at=now_ms)
        return _append(connection, id, draft, "draft", now_ms)


def approve(engine: Engine, code: str, version: int, who: str, now_ms: int) -> Promise:
    """Approve a draft: from then on it counts. Raises SamePerson when `who` made it, WrongState when it is no draft."""
    return _decide(engine, code, version, who, "approved", now_ms)


def reject(engine: Engine, code: str, version: int, who: str, now_ms: int) -> Promise:
    """Reject a draft; it stays in the history. WrongState when it is no draft."""
    return _decide(engine, code, version, who, "rejected", now_ms)


def retire(engine: Engine, code: str, who: str, now_ms: int, from_ms: int | None = None) -> Promise:
    """Stop a promise from `from_ms` (now) on, as a version of its own. WrongState when nothing of it is approved."""
    with writing(engine, now_ms) as connection:
        id = _id(connection, code)
        past = [version for version in _versions(connection, id, code) if version.state == "approved"]
        if not past:
            raise WrongState(f"promise {code}: nothing approved to retire.", subject=code)
        last = replace(past[-1], state="retired", valid_from=from_ms or now_ms, made_by=who, approved_by="", at=now_ms)
        return _append(connection, id, last, "retire", now_ms)


def save_promise(engine: Engine, promise: Promise, now_ms: int) -> Promise:
    """Keep a promise that an import takes along, approved by `import`; the same promise twice makes no second version."""
    check(promise)
    if not promise.code:
        raise Refused("promise code: found nothing, expected a code such as B-01. Give each promise a code.", what="code")
    with writing(engine, now_ms) as connection:
        id = connection.scalar(select(PromiseTable.id).where(PromiseTable.code == promise.code))
        past = _versions(connection, id, promise.code) if id else []
        same = next((old for old in past if _said(old) == _said(promise)), None)
        if same:
            return same
        fresh = replace(promise, state="approved", made_by=IMPORT, approved_by=IMPORT, at=now_ms)
        return _append(connection, id or _create(connection, promise.code, now_ms), fresh, "import", now_ms)


def versions(engine: Engine, code: str) -> list[Promise]:
    """Every version of one promise, oldest first, each with the moment it ended. Raises NotFound."""
    with engine.connect() as connection:
        return _ended(_versions(connection, _id(connection, code), code))


def register(engine: Engine, journey: str) -> list[Promise]:
    """Every version of every promise of a journey, in order of code and version, each with the moment it ended."""
    columns = [PromiseTable.code, *(getattr(PromiseVersion, name) for name in STORED)]
    query = select(*columns).join(PromiseTable, PromiseTable.id == PromiseVersion.promise_id)
    query = query.where(PromiseVersion.journey == journey).order_by(PromiseTable.code, PromiseVersion.version)
    with engine.connect() as connection:
        rows = [_promise(row, row.code) for row in connection.execute(query)]
    codes = sorted({row.code for row in rows})
    return [version for code in codes for version in _ended([row for row in rows if row.code == code])]


def active_promises(engine: Engine, journey: str, at_ms: int) -> list[Promise]:
    """The approved versions that were being said at `at_ms`, in order of code."""
    return [version for version in register(engine, journey) if version.state == "approved" and version.holds(at_ms)]


def check(promise: Promise) -> None:
    """Refused, with what is missing or out of range, unless the promise can be checked against delivery."""
    _need(bool(promise.text_nl or promise.text_en), "text", promise.text_nl, "the words of the promise")
    _need(bool(promise.journey and promise.stage), "stage", promise.stage, "a stage of the journey")
    _need(
        promise.segment in ("", *SEGMENTS), "segment", promise.segment, f"one of {', '.join(SEGMENTS)}, or '' for all customers"
    )
    _need(0 < promise.reach <= 1, "reach", promise.reach, "a share above 0 and up to 1")
    _need(promise.emphasis in (1, 2, 3), "emphasis", promise.emphasis, "1, 2 or 3")
    _need(promise.valid_to is None or promise.valid_to > promise.valid_from, "valid_to", promise.valid_to, "a later day")
    if promise.kind == "hard":
        _need(bool(promise.metric), "metric", promise.metric, "the measure that is promised")
        _need(promise.share is None or 0 < promise.share < 1, "share", promise.share, "a share between 0 and 1")
    else:
        _need(promise.soft_mark in SOFT_MARKS, "soft_mark", promise.soft_mark, "6.5, 8 or 9")


def _need(holds: bool, what: str, found: object, expected: str) -> None:
    if not holds:
        raise Refused(f"promise {what}: found {found!r}, expected {expected}.", what=what)


def _decide(engine: Engine, code: str, version: int, who: str, state: str, now_ms: int) -> Promise:
    with writing(engine, now_ms) as connection:
        id = _id(connection, code)
        draft = next((old for old in _versions(connection, id, code) if old.version == version), None)
        if draft is None:
            raise NotFound(f"promise {code} version {version}: not in this store.", subject=f"{code} v{version}")
        if draft.state != "draft":
            raise WrongState(f"promise {code} version {version}: found {draft.state}, expected draft.", subject=code)
        if state == "approved" and draft.made_by == who:
            raise SamePerson(f"promise {code}: {who} made version {version}; a second person approves it.", who=who)
        wanted = (PromiseVersion.promise_id == id, PromiseVersion.version == version)
        connection.execute(update(PromiseVersion).where(*wanted).values(state=state, approved_by=who))
        record(connection, who, state, f"promise {code}", {"version": version}, now_ms)
        return replace(draft, state=state, approved_by=who)


def _append(connection: Connection, id: int, promise: Promise, action: str, now_ms: int) -> Promise:
    newest = connection.scalar(select(func.max(PromiseVersion.version)).where(PromiseVersion.promise_id == id))
    kept = replace(promise, version=(newest or 0) + 1)
    values = {name: getattr(kept, name) for name in STORED}
    connection.execute(insert(PromiseVersion).values(promise_id=id, **values))
    record(connection, kept.made_by, action, f"promise {kept.code}", values, now_ms)
    return kept


def _create(connection: Connection, code: str, now_ms: int) -> int:
    made = connection.execute(insert(PromiseTable).values(code=code, created_at=now_ms))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def _next_code(connection: Connection) -> str:
    taken = set(connection.scalars(select(PromiseTable.code)))
    return next(code for code in (f"B-{number:02d}" for number in range(1, len(taken) + 2)) if code not in taken)


def _id(connection: Connection, code: str) -> int:
    id = connection.scalar(select(PromiseTable.id).where(PromiseTable.code == code))
    if id is None:
        raise NotFound(f"promise {code}: not in this store.", subject=code)
    return id


def _versions(connection: Connection, id: int, code: str) -> list[Promise]:
    columns = [getattr(PromiseVersion, name) for name in STORED]
    query = select(*columns).where(PromiseVersion.promise_id == id).order_by(PromiseVersion.version)
    return [_promise(row, code) for row in connection.execute(query)]


def _promise(row: Row, code: str) -> Promise:
    return Promise(code=code, **{name: getattr(row, name) for name in STORED}, ends_at=row.valid_to)


def _said(promise: Promise) -> dict[str, object]:
    return {name: value for name, value in asdict(promise).items() if name in SAID}


def _ended(history: Sequence[Promise]) -> list[Promise]:
    """Each counted version ends where the next counted one of the same promise begins, if that is before its own end."""
    out = list(history)
    counted = [i for i, version in enumerate(out) if version.state in ("approved", "retired")]
    for i, following in pairwise(counted):
        start = max(out[following].valid_from, out[i].valid_from)
        end = out[i].valid_to
        if end is None or start < end:
            out[i] = replace(out[i], ends_at=start, followed=out[following].state == "approved")
    return out
