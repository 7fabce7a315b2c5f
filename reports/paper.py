"""The weekly paper: one neutral document of headings, sentences, tables and one curve, that every format renders."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands in a cell: the text for readers, the number behind it for machines (None: text only), and a shape's name."""

    text: str
    number: float | None = None
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of figures; `widths` are shares of the page, `name` is the sheet's and the file's."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    widths: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The journey: per stage its name, mark with its text, promise (None where there is no number) and shape."""

    title: str
    stages: tuple[str, ...]
    marks: tuple[float | None, ...]
    labels: tuple[str, ...]
    promises: tuple[float | None, ...]
    shapes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A finding in one sentence, with what supports it; after one that is `last_of_page` a new page begins."""

    finding: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    curve: Curve | None = None
    last_of_page: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper; `detail` tables go only to the workbook and the CSV."""

    language: str
    company: str
    kicker: str
    headline: str
    figures: tuple[tuple[str, Figure, str], ...]
    sections: tuple[Section, ...]
    detail: tuple[Table, ...] = ()
    footer: tuple[str, ...] = field(default=())
    demo: str = ""

    @property
    def tables(self) -> list[Table]:
        """Every table, those of the sections first."""
        return [s.table for s in self.sections if s.table] + list(self.detail)
