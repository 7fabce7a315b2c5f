"""Every format carries the same paper; nothing in it can become markup, a link or a formula."""

import csv
import io
import re

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from reports.mail import html, plain
from reports.pdf import pdf, png
from reports.sheets import csv_text, harmless, xlsx
from reports.writing import write
from tests.reports.example import ATTACK, MARKUP, paper


def pdf_text(content):
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_pdf_says_what_the_paper_says():
    text = " ".join(pdf_text(pdf(paper())).split())
    for part in ("beleving 7,1 tegen belofte 7,8", "−0,7", "VOORBEELDGEGEVENS", "Drie fasen liggen onder", "7,8", "Uitleg"):
        assert part in text
    assert "<img src=x" in text, "what looks like markup is shown as text"


def test_the_pdf_is_the_same_for_the_same_paper():
    assert pdf(paper()) == pdf(paper())


def test_the_pdf_loads_nothing_and_runs_nothing():
    content = pdf(paper())
    assert not re.search(rb"/(URI|JavaScript|JS|Launch|OpenAction)\b", content)


def test_the_png_shows_the_first_page():
    image = Image.open(io.BytesIO(png(pdf(paper()))))
    assert image.size == (1191, 1684)
    assert len(image.convert("RGB").getcolors(1 << 24)) > 50, "the page is not blank"


@pytest.mark.faults
def test_a_figure_stays_a_number_and_an_attack_stays_text_in_the_workbook():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(paper())))
    sheet = book["Fasen"]
    assert sheet["B2"].value == pytest.approx(7.812346)
    assert sheet["C2"].value == -0.4
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].value == "'" + ATTACK
    assert sheet["A4"].value == MARKUP
    assert not any(cell.data_type == "f" or cell.hyperlink for ws in book for row in ws.iter_rows() for cell in row)
    assert book.sheetnames[-1] == "Fasen en kanalen"


@pytest.mark.faults
def test_csv_holds_numbers_for_machines_and_neutral_text():
    rows = list(csv.reader(io.StringIO(csv_text(paper().tables[0]))))
    assert rows[1] == ["Boeken", "7.812346", "-0.4"]
    assert rows[2][0] == "'" + ATTACK


@pytest.mark.faults
@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_whatever_begins_like_a_formula_is_made_text(start):
    assert harmless(start).startswith("'")


@pytest.mark.parametrize("text", ["", "Boeken", "−0,4", "7,8", "'=1"])
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless(text) == text


def test_the_mail_escapes_every_text_and_loads_nothing():
    body = html(paper())
    assert "<img" not in body and "&lt;img src=x" in body
    assert not re.search(r"<(script|link|iframe|style)|https?://(?!evil)", body)
    assert "▼ −0,7" in body
    assert body.startswith("<!doctype html>") and 'lang="nl"' in body


def test_plain_text_tells_the_same():
    text = plain(paper())
    assert "Week 47" in text and "▼ −0,7" in text and "Boeken | 7,8" in text


def test_all_files_are_written_whole(tmp_path):
    files = write(paper(), tmp_path / "new", "week")
    names = sorted(file.name for file in files)
    assert names == ["week-1.csv", "week-2.csv", "week.html", "week.pdf", "week.png", "week.txt", "week.xlsx"]
    assert all(file.stat().st_size > 0 for file in files)
    assert not list((tmp_path / "new").glob("*.new"))


def test_without_a_demo_there_is_no_band():
    assert "VOORBEELDGEGEVENS" not in pdf_text(pdf(paper(demo="")))
    assert "VOORBEELDGEGEVENS" not in html(paper(demo=""))
