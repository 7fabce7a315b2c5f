"""Files as they really come, and as nobody should send them: F14 and F15 of the fault matrix, with Hypothesis for the rest."""

import csv
import gzip
import io
import json
import tempfile
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import BadRecord
from connectors.files.errors import UnreadableFile
from connectors.files.mapping import check_mapping, parse_mapping
from connectors.files.reader import Rows, Terms
from connectors.files.table import open_table
from tests.faults.counts import times

pytestmark = pytest.mark.faults

MAP = "text=text,happened_at=at,external_id=id"
ROWS = [
    ("1", "Eén café — ‘goed’ €5", "2026-01-01 09:00"),
    ("2", 'zegt "nee", nooit; écht', "2026-01-02 09:00"),
    ("3", "twee\nregels", "2026-01-03 09:00"),
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def events(path, mapping=MAP):
    table = open_table(path)
    chosen = check_mapping(parse_mapping(mapping), table.columns)
    return list(Rows(table, Terms(chosen, "social", ZoneInfo("UTC"), 1))())


def written(rows, delimiter=",", ends="\r\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writerow(("id", "text", "at"))
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(("encoding", "delimiter", "ends"), list(product(ENCODINGS, ",;\t|", ("\n", "\r\n"))))
def test_every_export_of_the_same_rows_says_the_same(tmp_path, encoding, delimiter, ends):
    path = tmp_path / "export"
    path.write_bytes(written(ROWS, delimiter, ends).encode(encoding))
    assert [(event.external_id, event.said.text.replace("\r\n", "\n")) for event in events(path)] == [row[:2] for row in ROWS]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("packed", [False, True])
def test_every_way_of_quoting_plain_and_packed(tmp_path, quoting, packed):
    path = tmp_path / "export"
    content = written(ROWS, quoting=quoting).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    assert len([event for event in events(path) if not isinstance(event, BadRecord)]) == 3


FAULTS = {
    "ragged": (b"9,kort\n", "has 2 fields"),
    "too wide": (b"9,a,2026-01-01,b,c\n", "has 5 fields"),
    "unclosed": (b'9,"open,2026-01-01\n', "a quote is opened"),
    "zero byte": (b"9,a\0b,2026-01-01\n", "NUL"),
    "long": (b"9," + b"x" * 1_100_000 + b",2026-01-01\n", "bytes long"),
    "no encoding": (b"9,a\x81b,2026-01-01\n", "neither UTF-8"),
    "no date": (b"9,a,gisteren\n", "expected a date"),
    "no id": (b",a,2026-01-01\n", "external_id"),
    "says nothing": (b"9,,2026-01-01\n", "says nothing"),
    "year 99999": (b"9,a,99999-01-01\n", "expected a date"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("place", ["first", "middle", "last", "last without a line end"])
def test_a_bad_row_takes_itself_and_no_other(tmp_path, name, place):
    bad, told = FAULTS[name]
    good = [f"{n},goed {n},2026-01-01\n".encode() for n in range(6)]
    at = {"first": 0, "middle": 3}.get(place, 6)
    lines = [*good[:at], bad, *good[at:]]
    path = tmp_path / "f.csv"
    path.write_bytes(b"id,text,at\n" + b"".join(lines).removesuffix(b"\n" if "without" in place else b""))
    found = events(path)
    refused = [each for each in found if isinstance(each, BadRecord)]
    assert [each.external_id for each in found if not isinstance(each, BadRecord)] == [str(n) for n in range(6)]
    assert len(refused) == 1 and told in refused[0].why and refused[0].why.startswith(f"line {at + 2}:")
    assert refused[0].raw.rstrip(b"\n") == bad.rstrip(b"\n")[: 256 * 1024]


FORMULAS = ["=1+1", "+31 6 12345678", "-2", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "\t=1+1", "|x"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_what_looks_like_a_formula_is_text(tmp_path, formula, kind):
    path = tmp_path / f"f.{kind}"
    if kind == "csv":
        path.write_text(written([("1", formula, "2026-01-01")]), encoding="utf8", newline="")
    elif kind == "jsonl":
        path.write_text(json.dumps({"id": "1", "text": formula, "at": "2026-01-01"}) + "\n")
    else:
        book = openpyxl.Workbook()
        book.active.append(["id", "text", "at"])
        book.active.append(["1", "", "2026-01-01"])
        book.active["B2"].value, book.active["B2"].data_type = formula, "s"
        book.save(path)
    (event,) = events(path)
    assert event.said.text == formula.strip()


def test_a_formula_that_a_program_computed_counts_as_nothing_without_its_value(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "text", "at"], ["1", "=1+1", "2026-01-01"], ["2", "goed", "2026-01-01"]):
        book.active.append(row)
    book.save(tmp_path / "f.xlsx")
    bad, good = events(tmp_path / "f.xlsx")
    assert "says nothing" in bad.why and good.external_id == "2"


# Without control characters: a file with many of them is refused as no text, which has a test of its own.
cell = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="�\ufeff\u2028\u2029"), max_size=12
)


@settings(max_examples=times(120, 500, 10_000), deadline=None)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_whatever_a_csv_writer_writes_is_read_back(rows, delimiter):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_text("id" + delimiter + "words\n" + _body(rows, delimiter), encoding="utf8", newline="")
        table = open_table(path, delimiter=delimiter)
        found = [tuple(row.cells) for row in table.rows(["id", "words"])]
    assert found == rows


def _body(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


@settings(max_examples=times(200, 500, 10_000), deadline=None)
@given(
    st.binary(min_size=1, max_size=400),
    st.sampled_from([b"", b"id,text,at\n", b'{"id": 1}\n', b"\xff\xfe", b"\x1f\x8b", b"PK\x03\x04", b"PAR1"]),
)
def test_no_bytes_at_all_do_anything_but_give_rows_or_a_reason(noise, start):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_bytes(start + noise)
        try:
            table = open_table(path)
            for row in table.rows(table.columns[:3]):
                assert row.fault or len(row.cells) <= 3
                assert len(row.raw) <= 256 * 1024 * 1024
        except UnreadableFile as fault:
            assert "found" in str(fault) and "expected" in str(fault) and len(str(fault)) < 600


@settings(max_examples=times(100, 500, 10_000), deadline=None)
@given(st.lists(st.text(alphabet='ab",\n', max_size=14), max_size=12))
def test_every_line_of_a_broken_file_ends_in_a_row_or_in_a_reason(lines):
    content = "".join(line.replace("\n", "") + "\n" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_text("x,y\n" + content, encoding="utf8")
        found = list(open_table(path, delimiter=",").rows(["x", "y"]))
    seen = "".join(row.raw.decode() for row in found)
    assert seen.replace("\n", "") == content.replace("\n", "")


@settings(max_examples=times(100, 500, 10_000), deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=12,
    )
)
def test_no_json_value_breaks_a_file_of_json_lines(value):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_text(
            json.dumps({"id": 1})
            + "\n"
            + json.dumps(value)
            + "\n"
            + json.dumps({"id": value})
            + "\n"
            + json.dumps({"id": 2})
            + "\n"
        )
        rows = list(open_table(path).rows(["id"]))
    assert len(rows) == 4 and rows[0].cells == [1] and rows[3].cells == [2]
