"""The weekly report and the week's page say the same: marks, intervals, counts, gaps, changes and findings, in every format."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from config.language import texts
from config.settings import settings
from config.wording import mark_text
from metrics.evidence import INDICATIVE, SOLID
from pages.sheet import words
from reports.__main__ import main
from tests.pages.conftest import MONDAY
from tests.pages.screens import nodes, opened

WEEK = "2026-W47"
STAGES, CHANNELS = 7, 5
GLYPHS = re.compile(r"[▲▼●○◆]")


@dataclass(frozen=True)
class Page:
    """What the page shows, as texts: the three numbers on top, a row per stage, and a cell per stage and channel."""

    headline: str
    trio: list[str]
    stages: dict[str, dict[str, str]]
    cells: dict[tuple[str, str], dict[str, str]]
    findings: list[str]


def found(node, tag: str = "", kind: str = ""):
    """The nodes under one, with that tag and that class among theirs, in order."""
    if isinstance(node, list):
        if (not tag or node[0] == tag) and (not kind or kind in node[1].get("class", "").split()):
            yield node
        for child in node[2:]:
            yield from found(child, tag, kind)


def first(node, tag: str = "", kind: str = "") -> str:
    return next((words(one) for one in found(node, tag, kind)), "")


def read_page(at, code: str) -> Page:
    card = next(one for node in nodes(at, "card") for one in found(node, "table"))
    heads = [re.sub(r"\s+", " ", words(head[2])) for head in found(next(found(card, "thead")), "th")]
    stages, cells = {}, {}
    for row in list(found(next(found(card, "tbody")), "tr")):
        stage = row[2][2]
        stages[stage] = _stage(row[3], row[2])
        for channel, cell in zip(heads[2:], row[4:], strict=True):
            cells[stage, channel] = _cell(cell)
    answer = nodes(at, "answer")
    trio = [first(each, "b") for node in answer for box in found(node, "div", "trio") for each in box[2:]]
    findings = [words(one) for key in ("card", "cause", "jump") for node in nodes(at, key) for one in found(node, "h2")]
    return Page(next(first(node, "h1") for node in answer if first(node, "h1")), trio, stages, cells, findings)


def _stage(cell, head) -> dict[str, str]:
    if "few" in cell[1].get("class", ""):
        return {"few": first(cell, "div")}
    between = first(cell, "span", "ci")
    low_high, _, n = between.partition("n ")
    deltas = [words(one[-1]) for one in found(cell, "div", "delta")]
    shown = {"mark": first(cell, "a", "mark"), "interval": low_high, "n": n, "gap": first(cell, "div", "gapline")}
    return shown | {"last": deltas[0], "year": deltas[1], "promise": first(head, "div", "small")}


def _cell(cell) -> dict[str, str]:
    if "few" in cell[1].get("class", ""):
        return {"few": first(cell, "div")}
    low_high = [words(one) for one in found(cell, "div", "small")][-1]
    interval, _, n = low_high.partition(" · n ")
    return {"mark": first(cell, "a", "mark"), "interval": interval, "n": n, "gap": first(cell, "div", "gapline")}


@pytest.fixture(scope="module", params=["nl", "en"])
def code(request):
    return request.param


@pytest.fixture
def both(made, store, monkeypatch, tmp_path, code):
    """The page of the week, and the folder with the report of that week: the same store, week, journey and language."""
    url = store("demo")
    at = opened("week", url, monkeypatch, lang=code, week=WEEK, journey="airline", **MONDAY)
    assert not at.exception
    settings.cache_clear()
    arguments = ["week", "--week", WEEK, "--lang", code, "--journey", "airline", "--out", str(tmp_path), "--store", url]
    assert main(arguments) == 0
    return read_page(at, code), tmp_path


def one(folder: Path, ending: str) -> Path:
    return next(iter(folder.glob(f"*{ending}")))


def pdf_words(folder: Path) -> str:
    document = pypdfium2.PdfDocument(one(folder, ".pdf").read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def workbook(folder: Path, name: str) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(one(folder, ".xlsx"))[name]
    head, *rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def csv_rows(folder: Path, columns: int, first_column: str) -> list[dict[str, str]]:
    for file in sorted(folder.glob("*.csv")):
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        if rows and len(rows[0]) == columns and first_column in rows[0]:
            return rows
    raise AssertionError(f"no CSV with {columns} columns and {first_column!r}")


def marks(value: float, t) -> set[str]:
    """How the page may show a mark: to a tenth, or as a half when the evidence allows no more."""
    return {mark_text(t, value, status) for status in (SOLID, INDICATIVE)}


def same_stage(row, shown: dict[str, str], t) -> None:
    """A row of a table file says what the page's row says."""
    column = {name: t(f"report.column.{name}") for name in ("mark", "interval", "n", "gap", "last", "year", "promise")}
    assert shown["mark"] in marks(float(row[column["mark"]]), t)
    assert row[column["interval"]].lstrip("'") == shown["interval"]
    assert t.whole(float(row[column["n"]])) == shown["n"]
    if shown["gap"] and t.signed(float(row[column["gap"]])) not in shown["gap"]:
        assert not re.search(r"\d", shown["gap"]), "a gap that the page does not show as a number"
    assert row[column["last"]].lstrip("'") == shown["last"] and row[column["year"]].lstrip("'") == shown["year"]
    promise = row[column["promise"]]
    assert t.number(float(promise)) in shown["promise"] if re.fullmatch(r"[\d.]+", str(promise)) else promise


def test_the_page_is_read_whole(both):
    page, _ = both
    assert len(page.stages) == STAGES and len(page.cells) == STAGES * CHANNELS and len(page.trio) == 3
    assert sum("mark" in shown for shown in page.stages.values()) == STAGES
    assert sum("mark" in shown for shown in page.cells.values()) > 20


def test_the_workbook_says_the_pages_numbers(both, code):
    page, folder = both
    t = texts(code)
    rows = {str(row[t("report.column.stage")]): row for row in workbook(folder, t("report.stages"))}
    assert rows.keys() == page.stages.keys()
    for stage, shown in page.stages.items():
        same_stage(rows[stage], shown, t)
    cells = {
        (str(row[t("report.column.stage")]), str(row[t("report.column.channel")])): row
        for row in workbook(folder, t("report.cells"))
    }
    for key, shown in page.cells.items():
        same_cell(cells.get(key), shown, t)


def same_cell(row, shown: dict[str, str], t) -> None:
    if "few" in shown:
        assert row is None or not str(row[t("report.column.low")] or "")
        return
    mark, low, high, n, gap = (row[t(f"report.column.{name}")] for name in ("mark", "low", "high", "n", "gap"))
    assert shown["mark"] in marks(float(mark), t) and t.whole(float(n)) == shown["n"]
    assert shown["interval"] == f"{t.number(float(low))}–{t.number(float(high))}"
    if re.search(r"\d", shown["gap"]):
        assert t.signed(float(gap)) in shown["gap"]


def test_the_csv_says_the_pages_numbers(both, code):
    page, folder = both
    t = texts(code)
    rows = csv_rows(folder, 8, t("report.column.interval"))
    assert [row[t("report.column.stage")] for row in rows] == list(page.stages)
    for row in rows:
        same_stage(row, page.stages[row[t("report.column.stage")]], t)
    cells = csv_rows(folder, 8, t("report.column.low"))
    by = {(row[t("report.column.stage")], row[t("report.column.channel")]): row for row in cells}
    for key, shown in page.cells.items():
        same_cell(by.get(key), shown, t)


def test_the_pdf_says_the_pages_numbers_and_findings(both):
    page, folder = both
    text = GLYPHS.sub("", pdf_words(folder))
    spoken = " ".join(text.split())
    assert page.headline.replace(";", "; ").replace(";  ", "; ") in spoken  # the page breaks the line there
    for number in page.trio:
        assert number in spoken
    for finding in page.findings:
        assert " ".join(finding.split()) in spoken, finding
    for stage, shown in page.stages.items():
        assert stage in spoken and f"{shown['mark']} {shown['interval']} {shown['n']}" in spoken, (stage, shown)


def test_a_journey_that_the_store_does_not_hold_is_refused(store, tmp_path, capsys):
    arguments = ["week", "--week", WEEK, "--journey", "shop", "--out", str(tmp_path), "--store", store("demo")]
    assert main(arguments) == 2
    assert "'shop'" in capsys.readouterr().err and not list(tmp_path.iterdir())
