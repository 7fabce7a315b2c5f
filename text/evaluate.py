"""How well the text functions do on labelled texts: language, sentiment, stage and masking, each with its own measures."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from config.errors import ConfigError
from config.journey import load_journey
from text import measures
from text.language import detect_all
from text.masked_share import masking_report
from text.sentiment import LABELS, score_all
from text.stages import Placer

GZIP = b"\x1f\x8b"
TASKS = ("language", "sentiment", "stage", "masking")
Row = dict[str, Any]


class Setup(NamedTuple):
    """Whose stage names the rows use, whether they know no neutral, and names to strip before scoring."""

    journey: str = "seven-stages"
    binary: bool = False
    own_names: tuple[str, ...] = ()


def read_rows(path: Path) -> list[Row]:
    """The labelled rows of a CSV or JSONL file, gzipped or not.

    Keys: text (needed), lang, sentiment, stage, pii (a list of {type, value}, in CSV as JSON). Raises ConfigError when
    the file cannot be read as either, a row has no text, or its pii is no such list.
    """
    if not path.exists():
        raise ConfigError("FILE", str(path), "a file with labelled texts", "Check the path.")
    text = _unpacked(path)
    rows = _parse_lines(text, path.name) if text.lstrip().startswith("{") else _parse_csv(text)
    for number, row in enumerate(rows, 1):
        where = f"{path.name} row {number}"
        if not isinstance(row.get("text"), str) or not row["text"]:
            raise ConfigError(where, row, "a column or key named text", "Rename the column.")
        row["pii"] = _identifiers(row.get("pii"), where)
    return rows


def _unpacked(path: Path) -> str:
    data = path.read_bytes()
    try:
        return (gzip.decompress(data) if data[:2] == GZIP else data).decode("utf-8-sig")
    except (EOFError, OSError, zlib.error) as error:
        raise ConfigError(path.name, f"{len(data)} bytes", "a whole gzip file", "Copy the file again.") from error
    except UnicodeDecodeError as error:
        found = data[error.start : error.start + 20] if data[:2] != GZIP else error.object[error.start : error.start + 20]
        raise ConfigError(path.name, found, "text in UTF-8", "Save the file as UTF-8.") from error


def _identifiers(found: object, where: str) -> list[dict[str, str]] | None:
    """The marked identifiers of a row; None when the row has no such column or leaves it empty."""
    if found in (None, ""):
        return None
    try:
        items = json.loads(found) if isinstance(found, str) else found
    except json.JSONDecodeError as error:
        raise ConfigError(f"{where} pii", found, "a list of {type, value} as JSON", f"Python says: {error.msg}.") from error
    if isinstance(items, list) and all(isinstance(one, dict) and {"type", "value"} <= one.keys() for one in items):
        return [{"type": str(one["type"]), "value": str(one["value"])} for one in items]
    raise ConfigError(f"{where} pii", items, "a list of {type, value}", "See docs/text.md.")


def _parse_lines(text: str, name: str) -> list[Row]:
    try:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise ConfigError(name, error.doc[:60], "one JSON object per line", f"Python says: {error.msg}.") from error
    for row in rows:
        if not isinstance(row, dict):
            raise ConfigError(name, row, "one JSON object per line", "Write each text as an object with its labels.")
    return rows


def _parse_csv(text: str) -> list[Row]:
    return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]


def evaluate(rows: Sequence[Row], tasks: Sequence[str] = TASKS, setup: Setup | None = None) -> dict[str, Any]:
    """A report per task that `rows` have labels for; see `report_labels` and `masking_report` for what it holds."""
    found: dict[str, Any] = {}
    for task in tasks:
        report = _TASKS[task](rows, setup or Setup())
        if report is not None:
            found[task] = report
    return found


def report_labels(truth: Sequence[str], called: Sequence[str | None], sure: Sequence[float], cpu: float) -> Row:
    """Measures of one labelling; `called` None is an abstention, `sure` the stated chance of being right.

    accuracy and macro-F1 count an abstention as a miss; accuracy_covered leaves it out.
    """
    covered = [i for i, label in enumerate(called) if label is not None]
    right = [truth[i] == called[i] for i in covered]
    return {
        "n": len(truth),
        "accuracy": round(sum(right) / len(truth), 4),
        "macro_f1": measures.macro_f1(truth, called),
        "coverage": round(len(covered) / len(truth), 4),
        "accuracy_covered": round(sum(right) / len(covered), 4) if covered else None,
        "per_class": measures.per_class(truth, called),
        "confusion": measures.confusion(truth, called),
        "calibration_error": measures.calibration_error(right, [sure[i] for i in covered]),
        "texts_per_cpu_second": round(len(truth) / cpu) if cpu else None,
    }


def _labelled(rows: Sequence[Row], key: str) -> list[Row]:
    return [row for row in rows if row.get(key)]


def _timed(work: Callable[[], list], warm_up: Callable[[], object]) -> tuple[list, float]:
    warm_up()
    start = time.process_time()
    return work(), time.process_time() - start


def _language(rows: Sequence[Row], setup: Setup) -> Row | None:
    known = _labelled(rows, "lang")
    if not known:
        return None
    found, cpu = _timed(
        lambda: detect_all([row["text"] for row in known], [None] * len(known)), lambda: detect_all(["a"], [None])
    )
    truth = [row["lang"] if row["lang"] in ("nl", "en") else "other" for row in known]
    report = report_labels(truth, [one.code for one in found], [one.confidence for one in found], cpu)
    recalls = [one["recall"] for one in report["per_class"].values() if one["n"]]
    return report | {"balanced_accuracy": round(sum(recalls) / len(recalls), 4)}


def _sentiment(rows: Sequence[Row], setup: Setup) -> Row | None:
    known = [row for row in rows if row.get("sentiment") in LABELS]
    if not known:
        return None
    texts, languages = [row["text"] for row in known], _languages(known)
    names = (*load_journey(setup.journey).own_names, *setup.own_names)
    found, cpu = _timed(lambda: score_all(texts, languages, names), lambda: score_all(["a"], ["nl"]))
    truth = [row["sentiment"] for row in known]
    if setup.binary:
        called = ["positive" if one.score > 0 else "negative" for one in found]
        return report_labels(truth, called, [(1 + abs(one.score)) / 2 for one in found], cpu)
    report = report_labels(truth, [one.label for one in found], [one.probability for one in found], cpu)
    shares = Counter(one.label for one in found)
    net = (shares["positive"] - shares["negative"]) / len(known)
    real = Counter(truth)
    return report | {
        "net": round(net, 4),
        "net_true": round((real["positive"] - real["negative"]) / len(known), 4),
        "net_lexicon": measures.net([one.lexicon for one in found]),
    }


def _stage(rows: Sequence[Row], setup: Setup) -> Row | None:
    placer = Placer(load_journey(setup.journey))
    known = [row for row in _labelled(rows, "stage") if placer.stage_id(row["stage"])]
    if not known:
        return None
    texts, languages = [row["text"] for row in known], _languages(known)
    found, cpu = _timed(lambda: placer.place_all(texts, languages, [None] * len(known)), placer.warm_up)
    truth = [placer.stage_id(row["stage"]) or "" for row in known]
    called = [one.stage if one else None for one in found]
    report = report_labels(truth, called, [one.confidence if one else 0.0 for one in found], cpu)
    return report | {"by": dict(Counter(one.by if one else "unplaced" for one in found))}


def _masking(rows: Sequence[Row], setup: Setup) -> Row | None:
    known = [row for row in rows if isinstance(row.get("pii"), list)]
    return masking_report(known) if known else None


def _languages(rows: Sequence[Row]) -> list[str]:
    """The language of each row as labelled, else as detected."""
    detected = detect_all([row["text"] for row in rows], [None] * len(rows))
    return [row.get("lang") or one.code for row, one in zip(rows, detected, strict=True)]


_TASKS: dict[str, Callable[[Sequence[Row], Setup], Row | None]] = {
    "language": _language,
    "sentiment": _sentiment,
    "stage": _stage,
    "masking": _masking,
}
