"""The weekly mail: when it goes, to whom, in which language; kept with the store, planned once for each moment."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from metrics.weeks import shifted, week_of
from store.corridor.jobs import ask_within
from store.engine import instant
from store.people.audit import record
from store.people.errors import Refused
from store.people.facts import get_fact, read_fact, write_fact
from store.people.writing import writing

FACT, DONE = "mailing", "mailing_done"
REPORT = "report"
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
MOST = 50


@dataclass(frozen=True, slots=True)
class Mailing:
    """The plan: on which ISO weekday (1 is Monday) and at which hour, local to the company, the week that is over goes out."""

    on: bool = False
    day: int = 1
    hour: int = 8
    to: tuple[str, ...] = ()
    language: str = "nl"


def mailing(engine: Engine) -> Mailing:
    """The plan as it stands; off until somebody makes one."""
    data = json.loads(get_fact(engine, FACT) or "{}")
    return Mailing(**{**data, "to": tuple(data.get("to", ()))})


def set_mailing(engine: Engine, plan: Mailing, who: str, zone: ZoneInfo, now_ms: int) -> Mailing:
    """Keep a plan; it starts with the first moment after now. Refused for an address, day or hour that is none."""
    check(plan)
    with writing(engine, now_ms) as connection:
        write_fact(connection, FACT, json.dumps(asdict(plan)))
        write_fact(connection, DONE, str(planned_before(plan, instant(now_ms).astimezone(zone))))
        told = {"on": plan.on, "day": plan.day, "hour": plan.hour, "language": plan.language, "recipients": len(plan.to)}
        record(connection, who, "set", f"fact {FACT}", told, now_ms)
        return plan


def check(plan: Mailing) -> None:
    """Refused, with what is wrong, unless the plan can be carried out."""
    for address in plan.to:
        if not ADDRESS.fullmatch(address) or len(address) > 254:
            raise Refused(f"address: found {address!r}, expected one such as name@company.nl.", what="address")
    if len(plan.to) > MOST or (plan.on and not plan.to):
        raise Refused(f"addresses: found {len(plan.to)}, expected 1 to {MOST}.", what="addresses")
    if plan.day not in range(1, 8) or plan.hour not in range(24) or plan.language not in ("nl", "en"):
        raise Refused(f"weekly mail: found day {plan.day}, hour {plan.hour}, language {plan.language!r}.", what="moment")


def planned_before(plan: Mailing, now: datetime) -> int:
    """The newest planned moment that is not after `now` (local), in UTC epoch milliseconds.

    The hour is the company's, also in the weeks when the clock changes; an hour that does not exist is the one after it.
    """
    monday = now.date() - timedelta(days=now.weekday())
    for back in (0, 7):
        day = monday + timedelta(days=plan.day - 1 - back)
        moment = round(datetime.combine(day, time(plan.hour), now.tzinfo).timestamp() * 1000)
        if moment <= now.timestamp() * 1000:
            return moment
    raise AssertionError("a week has one such moment")


def plan_due(engine: Engine, zone: ZoneInfo, now_ms: int) -> int | None:
    """Ask for the job of the moment that has come, in the transaction that notes it as done; its number, or None.

    Of several moments that were missed only the newest is caught up: what it tells holds the older ones' place.
    """
    now = instant(now_ms).astimezone(zone)
    if not _is_due(mailing(engine), get_fact(engine, DONE), now):
        return None
    with writing(engine, now_ms) as connection:  # read again: another ingest may have been faster
        data = json.loads(read_fact(connection, FACT) or "{}")
        plan = Mailing(**{**data, "to": tuple(data.get("to", ()))})
        if not _is_due(plan, read_fact(connection, DONE), now):
            return None
        moment = planned_before(plan, now)
        write_fact(connection, DONE, str(moment))
        return ask_within(connection, REPORT, asked(plan, moment, zone), now_ms)


def asked(plan: Mailing, moment_ms: int, zone: ZoneInfo) -> dict[str, object]:
    """What the job of a planned moment is asked: the week that was over then, to whom, and the name it is sent under once."""
    week = shifted(week_of(instant(moment_ms).astimezone(zone).date()), -1)
    return {"week": week, "language": plan.language, "to": list(plan.to), "key": f"week-{week}-{plan.language}-{moment_ms}"}


def _is_due(plan: Mailing, done: str, now: datetime) -> bool:
    return plan.on and bool(plan.to) and planned_before(plan, now) > int(done or 0)
