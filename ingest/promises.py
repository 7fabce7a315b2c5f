"""Promises that an import takes along: read from a TOML or CSV file, checked against the journey, kept as approved versions."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.errors import ConfigError
from config.journey import Journey
from metrics.registry import metric
from store.engine import ms
from store.people.promises import STORED, Promise, check, save_promise

OURS = ("version", "state", "made_by", "approved_by", "at", "journey")
ONE_LANGUAGE = {"campaign": "campaign_nl", "said_where": "said_where_nl"}  # files of one language say it once
KEYS = ("code", *(name for name in STORED if name not in OURS), *ONE_LANGUAGE)
NUMBERS = ("share", "soft_mark", "reach", "floor")
TIMES = ("valid_from", "valid_to")
DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
KINDS = ("hard", "soft")


def read_promises(file: Path, journey: Journey, zone: ZoneInfo) -> list[Promise]:
    """The promises of a file (docs/importing.md has its format), each checked; ConfigError names file, promise and key."""
    entries = _entries(file)
    if not entries:
        raise ConfigError(str(file), "no promise", "at least one [[promise]]", "See docs/examples/airline-promises.toml.")
    return [_promise(entry, journey, zone, f"{file.name} promise {number}") for number, entry in enumerate(entries, 1)]


def import_promises(engine: Any, promises: list[Promise], now_ms: int) -> int:
    """Keep them as approved by the import and return how many there are; the same ones twice change nothing."""
    for promise in promises:
        save_promise(engine, promise, now_ms)
    return len(promises)


def _entries(file: Path) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".csv":
            rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
            return [{key: value for key, value in row.items() if value not in (None, "")} for row in rows]
        return list(tomllib.loads(text).get("promise", []))
    except OSError as fault:
        raise ConfigError("--promises", str(file), "a TOML or CSV file of promises", fault.strerror or "") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error) as fault:
        raise ConfigError(str(file), str(fault), "valid TOML or CSV in UTF-8", "Correct that line.") from None


def _promise(entry: Mapping[str, Any], journey: Journey, zone: ZoneInfo, where: str) -> Promise:
    for key in entry:
        if key not in KEYS:
            raise ConfigError(f"{where} {key}", entry[key], f"one of the keys {', '.join(KEYS)}", "Correct its name.")
    values: dict[str, Any] = {ONE_LANGUAGE.get(key, key): _value(key, entry[key], zone, f"{where} {key}") for key in entry}
    stage = journey.stage_id(values.get("stage"))
    if stage is None:
        known = ", ".join(each.id for each in journey.stages)
        raise ConfigError(f"{where} stage", values.get("stage"), f"a stage of journey {journey.id}: {known}", "")
    for key in ("code", "valid_from"):
        if not values.get(key):
            raise ConfigError(f"{where} {key}", values.get(key), "a value", "Every promise has a code and a day it began.")
    values.setdefault("kind", "hard" if values.get("metric") else "soft")
    _check_kind(values, where)
    promise = Promise(**{**values, "journey": journey.id, "stage": stage})
    check(promise)
    return promise


def _check_kind(values: Mapping[str, Any], where: str) -> None:
    if values["kind"] not in KINDS:
        raise ConfigError(f"{where} kind", values["kind"], "hard or soft", "")
    if values["kind"] == "hard":
        metric(values.get("metric", ""))


def _value(key: str, value: Any, zone: ZoneInfo, where: str) -> Any:
    try:
        if key in TIMES:
            return _moment(value, zone)
        if key == "threshold":
            return _threshold(value)
        if key in NUMBERS:
            return float(str(value).replace(",", "."))
        if key == "emphasis":
            return int(value)
    except ValueError:
        expected = "a date" if key in TIMES else "a duration such as '1 hour', or a number" if key == "threshold" else "a number"
        raise ConfigError(where, value, expected, "") from None
    return str(value).strip()


def _moment(value: Any, zone: ZoneInfo) -> int:
    """Local midnight of a date, or the moment itself, in UTC epoch milliseconds."""
    found = value if isinstance(value, date) else datetime.fromisoformat(str(value).strip())
    at = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day)
    return ms(at if at.tzinfo else at.replace(tzinfo=zone))


def _threshold(value: Any) -> float:
    """Seconds of a duration in words ('within' left out), else the number itself, in the metric's unit."""
    if match := DURATION.fullmatch(str(value).strip()):
        return float(match[1].replace(",", ".")) * UNITS[match[2][0].lower()]
    return float(str(value).replace(",", "."))
