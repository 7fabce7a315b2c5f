import gzip
import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.errors import UnreadableFile
from connectors.files.table import open_table, unique_names

CSV = "id,text,score\n1,prima,5\n2,slecht,1\n"


@pytest.fixture
def laid(tmp_path):
    def lay(content: bytes | str, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return lay


def read(path, columns=("id", "text"), **options):
    table = open_table(path, **options)
    rows = list(table.rows(columns))
    return [list(row.cells) for row in rows if not row.fault], [(row.number, row.fault) for row in rows if row.fault]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_finds_the_delimiter(laid, delimiter, ends):
    path = laid(CSV.replace(",", delimiter).replace("\n", ends))
    assert read(path) == ([["1", "prima"], ["2", "slecht"]], [])


def test_a_delimiter_within_texts_does_not_mislead(laid):
    path = laid("id;text\n1;goed, beter, best\n2;ja\n3;nee, nooit\n")
    assert read(path)[0] == [["1", "goed, beter, best"], ["2", "ja"], ["3", "nee, nooit"]]


def test_excels_hint_wins(laid):
    assert read(laid("sep=|\nid|text\n1|a;b;c\n"))[0] == [["1", "a;b;c"]]


def test_quotes_hold_delimiters_quotes_and_line_ends(laid):
    path = laid('id,text\n1,"een, ""twee""\nen drie"\n2,x\n')
    assert read(path) == ([["1", 'een, "twee"\nen drie'], ["2", "x"]], [])


def test_a_quote_in_the_middle_is_just_a_quote(laid):
    assert read(laid('id,text\n1,een 5" scherm\n2,x\n'))[0] == [["1", 'een 5" scherm'], ["2", "x"]]


def test_ragged_rows_are_refused_with_both_widths(laid):
    good, bad = read(laid("id,text,score\n1,a,5\n2,b\n3,c,5,6\n4,d,5,,\n"))
    assert good == [["1", "a"], ["4", "d"]]
    assert bad == [(3, "the record has 2 fields, the header 3"), (4, "the record has 4 fields, the header 3")]


def test_an_unclosed_quote_takes_one_row_and_not_the_rest(laid):
    good, bad = read(laid('id,text\n1,a\n2,"b\n3,c\n4,d\n'))
    assert good == [["1", "a"], ["3", "c"], ["4", "d"]]
    assert bad == [(3, "a quote is opened and not closed within the record")]


def test_two_stray_quotes_do_not_swallow_what_lies_between(laid):
    good, bad = read(laid('id,text\n1,"a\n2,b\n3,"c\n4,d\n'))
    assert [row[0] for row in good] == ["2", "4"] and [number for number, _ in bad] == [2, 4]


def test_an_unclosed_quote_in_a_long_file_is_cut_off_in_time(laid):
    body = "".join(f"{i},regel\n" for i in range(5_000))
    good, bad = read(laid('id,text\n0,"open\n' + body))
    assert len(good) == 5_000 and len(bad) == 1


def test_a_zero_byte_refuses_its_line_only(laid):
    good, bad = read(laid(b"id,text\n1,a\0b\n2,c\n"))
    assert good == [["2", "c"]] and bad[0][0] == 2 and "NUL" in bad[0][1]


def test_ten_thousand_columns(laid):
    columns = [f"c{i}" for i in range(10_000)]
    path = laid(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    assert read(path, ["c0", "c9999"])[0] == [["x", "x"]]


def test_too_many_columns_are_refused_in_a_short_message(laid):
    with pytest.raises(UnreadableFile, match="20000 columns, expected at most 16384") as caught:
        open_table(laid(",".join("x" for _ in range(20_000)) + "\n"))
    assert len(str(caught.value)) < 400


def test_a_field_of_ten_megabytes_is_refused_with_its_size(laid):
    good, bad = read(laid("id,text\n1," + "x" * 10_000_000 + "\n2,c\n"))
    assert good == [["2", "c"]] and "10000003 bytes" in bad[0][1]


@pytest.mark.parametrize("content", ["", "\n\n", ",,,\n"])
def test_a_file_without_a_table(laid, content):
    with pytest.raises(UnreadableFile, match=r"found .+, expected"):
        open_table(laid(content))


def test_a_header_alone_is_a_table_without_rows(laid):
    assert read(laid("id,text\n")) == ([], [])


def test_a_file_without_a_header_is_given_one(laid):
    assert read(laid("1,a\n2,b\n"), header=["id", "text"])[0] == [["1", "a"], ["2", "b"]]


def test_absent_files_and_folders(tmp_path):
    with pytest.raises(UnreadableFile, match="no file"):
        open_table(tmp_path / "absent.csv")
    with pytest.raises(UnreadableFile, match="directory"):
        open_table(tmp_path)


def test_names_of_columns_are_unique():
    assert unique_names(["a", " a ", None, "b\nc"]) == ["a", "a_2", "column_3", "b c"]


def test_gzip(laid):
    assert read(laid(gzip.compress(CSV.encode()), "file.csv.gz"))[0] == [["1", "prima"], ["2", "slecht"]]


def test_a_gzip_without_its_name_and_a_csv_named_gz(laid):
    assert read(laid(gzip.compress(CSV.encode()), "a.csv"))[0] == read(laid(CSV, "b.csv.gz"))[0]


def test_half_a_gzip_says_so(laid):
    whole = gzip.compress((CSV + "3,x,1\n" * 200_000).encode())
    with pytest.raises(UnreadableFile, match="half written"):
        read(laid(whole[: len(whole) // 2], "half.csv.gz"))


def test_a_gzip_bomb_is_stopped_at_the_cap(laid):
    bomb = gzip.compress(b"id,text\n" + (b"1," + b"a" * 10_000 + b"\n") * 10_000)
    with pytest.raises(UnreadableFile, match="unpacks to more than"):
        for _ in open_table(laid(bomb, "bomb.csv.gz")).rows(["id"]):
            pass


def test_json_lines_with_nested_keys_and_bad_lines(laid):
    path = laid('{"id": 1, "user": {"id": "k7"}, "tags": ["a", "b"]}\n\n{"id": 2\n[1]\n{"id": NaN}\n{"id": 3, "text": "x"}\n')
    good, bad = read(path, ["id", "user.id", "tags", "text"])
    assert good == [[1, "k7", "a|b", None], [3, None, None, "x"]]
    assert [number for number, _ in bad] == [3, 4, 5]
    assert open_table(path).columns == ["id", "user.id", "tags", "text"]


def test_json_nested_a_hundred_thousand_deep_is_a_reason(laid):
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    good, bad = read(laid('{"id": 1}\n' + deep + '\n{"id": 2}\n'), ["id"])
    assert good == [[1], [2]] and "nested too deeply" in bad[0][1]


def test_a_json_list_is_refused_with_the_way_out(laid):
    with pytest.raises(UnreadableFile, match="one object per line"):
        open_table(laid(json.dumps([{"id": 1}])))


def test_parquet(tmp_path):
    path = tmp_path / "rows.bin"
    pq.write_table(pa.table({"id": [1, 2], "text": ["a", "b"], "more": [1, 2]}), path)
    assert read(path) == ([[1, "a"], [2, "b"]], [])


def test_half_a_parquet_says_so(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"id": list(range(10_000))}), path)
    path.write_bytes(path.read_bytes()[:2_000])
    with pytest.raises(UnreadableFile, match="half written"):
        open_table(path)


def workbook(path, rows, sheet="Blad1"):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_a_workbook_under_another_name(tmp_path):
    path = workbook(tmp_path / "export.csv", [["id", "text"], [1, "a"], [None, None], [2, "b"]])
    assert read(path) == ([[1, "a"], [2, "b"]], [])
    assert open_table(path).shape == "XLSX, sheet 'Blad1'"


def test_a_workbooks_error_cell_is_a_reason(tmp_path):
    good, bad = read(workbook(tmp_path / "e.xlsx", [["id", "text"], [1, "#N/A"], [2, "#winning"]]))
    assert good == [[2, "#winning"]] and bad == [(2, "a cell holds the error #N/A")]


def test_a_sheet_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableFile, match=r"no sheet 'Jan', expected one of Blad1"):
        open_table(workbook(tmp_path / "e.xlsx", [["id"], [1]]), sheet="Jan")


def test_broken_workbooks(tmp_path, laid):
    whole = workbook(tmp_path / "w.xlsx", [["id", "text"]] + [[i, "tekst " * 20] for i in range(500)]).read_bytes()
    with pytest.raises(UnreadableFile, match="half written"):
        open_table(laid(whole[: len(whole) // 2], "half.xlsx"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(UnreadableFile, match="does not open"):
        open_table(laid(packed.getvalue(), "zip.xlsx"))


def test_a_workbook_that_is_a_zip_bomb(laid):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to 200000000 bytes"):
        open_table(laid(packed.getvalue(), "bomb.xlsx"))


@pytest.mark.parametrize(
    ("start", "told"),
    [(b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Excel"), (b"%PDF-1.7 x", "PDF"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text")],
)
def test_other_kinds_of_files_are_named(laid, start, told):
    with pytest.raises(UnreadableFile, match=told):
        open_table(laid(start))


def test_progress_reaches_the_files_size(laid):
    path, heard = laid(CSV * 50_000), []
    for _ in open_table(path).rows(["id"], heard.append):
        pass
    assert heard == sorted(heard) and heard[-1] == path.stat().st_size
