"""The paper as an HTML mail: tables and inline styles only, as mail programs want it; every text escaped."""

from __future__ import annotations

from html import escape

from reports.ink import EDGE, GREY, INK, LINE
from reports.paper import Figure, Paper, Section, Table

SIGNS = {"below": "▼", "above": "▲", "on": "●", "unsure": "○"}
BASE = f"font-family:Inter,Helvetica,Arial,sans-serif;color:{INK}"


def html(paper: Paper) -> str:
    """The whole mail as one HTML page without a script, a picture or a link to outside."""
    parts = [_p(paper.demo, f"background:{INK};color:#F0E442;padding:6px 10px;font-weight:600")] if paper.demo else []
    parts += [
        _p(paper.kicker, f"color:{GREY};font-size:13px"),
        f'<h1 style="font-size:22px;margin:2px 0">{escape(paper.headline)}</h1>',
    ]
    parts.append(_figures(paper))
    parts += [_section(section) for section in paper.sections]
    parts += [_p(line, f"color:{GREY};font-size:12px;margin:2px 0") for line in paper.footer]
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{escape(paper.headline)}</title>'
    return (
        f'<!doctype html><html lang="{paper.language}"><head>{head}</head>'
        f'<body style="{BASE};max-width:760px;margin:0 auto;padding:12px">\n{body}\n</body></html>'
    )


def plain(paper: Paper) -> str:
    """The same in plain text, for readers that show no HTML."""
    lines = [paper.demo] if paper.demo else []
    lines += [paper.kicker, "", paper.headline, ""]
    lines += [f"{label}: {_signed(figure)} {note}" for label, figure, note in paper.figures]
    for section in paper.sections:
        lines += ["", section.finding, *section.lines]
        if section.table:
            lines += ["  " + " | ".join(_signed(figure) for figure in row if figure.text) for row in section.table.rows]
    return "\n".join([*lines, "", *paper.footer]) + "\n"


def _signed(figure: Figure) -> str:
    return f"{SIGNS[figure.shape]} {figure.text}" if figure.shape else figure.text


def _figures(paper: Paper) -> str:
    cells = [
        f'<td style="padding:6px 28px 6px 0"><div style="color:{GREY};font-size:13px">{escape(label)}</div>'
        f'<div style="font-size:30px;font-weight:650;{_colour(figure)}">{escape(_signed(figure))}</div>'
        f'<div style="color:{GREY};font-size:12px">{escape(note)}</div></td>'
        for label, figure, note in paper.figures
    ]
    return f'<table role="presentation"><tr>{"".join(cells)}</tr></table>'


def _section(section: Section) -> str:
    parts = [f'<h2 style="font-size:16px;margin:22px 0 4px">{escape(section.finding)}</h2>']
    parts += [_p(line, f"color:{GREY};font-size:13px;margin:2px 0") for line in section.lines]
    return "\n".join(parts + ([_table(section.table)] if section.table else []))


def _table(table: Table) -> str:
    cell = f"padding:4px 8px 4px 0;border-bottom:1px solid {LINE};text-align:left;vertical-align:top;font-size:13px"
    head = "".join(f'<th style="{cell};color:{GREY};font-weight:400">{escape(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f'<td style="{cell};{_colour(figure)}">{escape(_signed(figure))}</td>' for figure in row) + "</tr>"
        for row in table.rows
    )
    note = _p(table.note, f"color:{GREY};font-size:12px") if table.note else ""
    return f'<table style="border-collapse:collapse;width:100%"><tr>{head}</tr>{rows}</table>{note}'


def _colour(figure: Figure) -> str:
    return f"color:{EDGE[figure.shape]}" if figure.shape else ""


def _p(text: str, style: str) -> str:
    return f'<p style="{style}">{escape(text)}</p>'
