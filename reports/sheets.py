"""The paper's tables as a workbook and as CSV: numbers as numbers, and text that can never become a formula."""

from __future__ import annotations

import csv
import io

from reports.paper import Figure, Paper, Table

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A text that a spreadsheet keeps as text: one that begins like a formula gets an apostrophe in front.

    >>> harmless("=1+1"), harmless("−0,4"), harmless("plain")
    ("'=1+1", '−0,4', 'plain')
    """
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def xlsx(paper: Paper) -> bytes:
    """A workbook with a sheet of findings and one sheet per table; a number stands in a cell of its own beside its text."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_sheet_name(paper.kicker))
        sheet.set_column(0, 0, 110, wrap)
        for row, line in enumerate(_findings(paper)):
            sheet.write_string(row, 0, line)
        for table in paper.tables:
            _write(book.add_worksheet(_sheet_name(table.name)), table, bold)
    return out.getvalue()


def csv_text(table: Table) -> str:
    """One table as CSV, UTF-8, comma separated; numbers with a point, whatever the language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(figure) for figure in row])
    return out.getvalue()


def _plain(figure: Figure) -> str:
    return repr(round(figure.number, 6)) if figure.number is not None else harmless(figure.text)


def _findings(paper: Paper) -> list[str]:
    lines = [paper.demo] if paper.demo else []
    lines += [paper.kicker, paper.headline, *(f"{label}: {figure.text} {note}" for label, figure, note in paper.figures), ""]
    for section in paper.sections:
        lines += [section.finding, *section.lines]
    return [harmless(line) for line in [*lines, "", *paper.footer]]


def _write(sheet, table: Table, bold) -> None:
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, harmless(name), bold)
        sheet.set_column(column, column, 34 if column == 0 else 16)
    for i, row in enumerate(table.rows, start=1):
        for column, figure in enumerate(row):
            if figure.number is None:
                sheet.write_string(i, column, harmless(figure.text))
            else:
                sheet.write_number(i, column, round(figure.number, 6))


def _sheet_name(name: str) -> str:
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:31]
