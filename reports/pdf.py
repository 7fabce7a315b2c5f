"""The paper as a PDF on A4, and its first page as a PNG; no browser involved."""

from __future__ import annotations

import io
from functools import partial
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from reports.drawings import journey, sign
from reports.ink import BOLD, EDGE, GREY, INK, LINE, REGULAR, load_fonts
from reports.paper import Figure, Paper, Section, Table

MARGIN = 16 * mm
PADDING = 6  # reportlab's frame keeps this much free inside its margins
WIDTH = A4[0] - 2 * MARGIN
NOTICE = "#F0E442"


def pdf(paper: Paper) -> bytes:
    """The PDF's bytes. Text is escaped: what a customer or a colleague wrote is never read as markup."""
    load_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=paper.headline, author="Klantblik", lang=paper.language, invariant=1,
        leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING, topMargin=20 * mm, bottomMargin=18 * mm,
    )  # fmt: skip
    frame = partial(_frame, paper=paper)
    document.build(_story(paper), onFirstPage=frame, onLaterPages=frame)
    return out.getvalue()


def png(content: bytes, scale: float = 2.0) -> bytes:
    """The first page of a PDF as a PNG, `scale` times 72 dots per inch."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        image = document[0].render(scale=scale).to_pil()  # pyright: ignore[reportArgumentType]
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()
    finally:
        document.close()


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [_text(paper.kicker, 9, GREY), _text(paper.headline, 17, INK, BOLD, after=8), _figures(paper)]
    for section in paper.sections:
        story += _section(section) + ([PageBreak()] if section.last_of_page else [])
    return story


def _figures(paper: Paper) -> Flowable:
    cells = [
        [_text(label, 8.5, GREY), _text(figure.text, 22, EDGE[figure.shape] if figure.shape else INK, BOLD), _text(note, 8, GREY)]
        for label, figure, note in paper.figures
    ]
    grid = Grid([cells], colWidths=[WIDTH / len(cells)] * len(cells))
    grid.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return grid


def _section(section: Section) -> list[Flowable]:
    head: list[Flowable] = [Spacer(1, 8), _text(section.finding, 12.5, INK, BOLD, after=4)]
    head += [_text(line, 9, GREY, after=3) for line in section.lines]
    if section.curve:
        head.append(journey(section.curve, WIDTH))
    if section.table:
        head.append(_grid(section.table))
        head += [_text(section.table.note, 8, GREY)] if section.table.note else []
    return [KeepTogether(head)] if not section.table or len(section.table.rows) < 10 else head


def _grid(table: Table) -> Flowable:
    rows = [[_text(column, 7.5, GREY) for column in table.columns]]
    rows += [[_cell(figure) for figure in row] for row in table.rows]
    shares = table.widths or tuple(1 / len(table.columns) for _ in table.columns)
    grid = Grid(rows, colWidths=[WIDTH * share / sum(shares) for share in shares], repeatRows=1)
    rule = [("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    tight = [("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("LEFTPADDING", (0, 0), (-1, -1), 2)]
    grid.setStyle(TableStyle([*rule, *tight]))
    return grid


def _cell(figure: Figure) -> Flowable:
    text = _text(figure.text, 8.5, EDGE[figure.shape] if figure.shape else INK, BOLD if figure.shape else REGULAR)
    if not figure.shape:
        return text
    pair = Grid([[sign(figure.shape), text]], colWidths=[11, None])
    pair.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                              ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]))  # fmt: skip
    return pair


def _text(text: str, size: float, colour: str, font: str = REGULAR, after: float = 0) -> Paragraph:
    style = ParagraphStyle("_", fontName=font, fontSize=size, leading=size * 1.28, textColor=HexColor(colour), spaceAfter=after)
    return Paragraph(escape(text), style)


def _frame(canvas, document, paper: Paper) -> None:
    canvas.saveState()
    if paper.demo:
        canvas.setFillColor(HexColor(INK))
        canvas.rect(0, A4[1] - 9 * mm, A4[0], 9 * mm, stroke=0, fill=1)
        canvas.setFillColor(HexColor(NOTICE))
        canvas.setFont(BOLD, 8.5)
        canvas.drawString(MARGIN, A4[1] - 6 * mm, paper.demo)
    canvas.setFillColor(HexColor(GREY))
    canvas.setFont(REGULAR, 7.5)
    for i, line in enumerate(reversed(paper.footer)):
        canvas.drawString(MARGIN, 8 * mm + i * 9, line)
    canvas.drawRightString(A4[0] - MARGIN, 8 * mm, f"{paper.company} · {document.page}")
    canvas.restoreState()
