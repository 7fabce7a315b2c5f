"""The promises in the weekly paper: the register's verdicts and advice as the page shows them, the broken ones first."""

from __future__ import annotations

from reports import promise_words as words
from reports.names import Names
from reports.paper import Figure, Section, Table
from reports.promised import Register, Standing


def section(register: Register, names: Names) -> Section:
    """The finding, the headline of the period, and one row per promise."""
    t = names.t
    if not register.rows:
        return Section(t("promises.none"), (t("promises.none_why"),))
    keys = ("promise", "verdict", "kept", "n", "advice")
    columns = tuple(t(f"report.column.{key}") for key in keys)
    table = Table(t("report.promises"), "", columns, tuple(_row(row, names) for row in register.rows), (34, 18, 16, 8, 40))
    return Section(words.finding(register, t), (words.period_line(register, t), words.headline(register, t)), table)


def _row(row: Standing, names: Names) -> tuple[Figure, ...]:
    t = names.t
    value, interval = words.value_text(row, t)
    return (
        Figure(f"{row.promise.code} {row.promise.text(t.code)}"),
        Figure(words.verdict_word(row, t), shape=words.SHAPE[row.verdict.verdict]),
        Figure(f"{value} {interval}".strip()),
        Figure(t.whole(row.verdict.n), row.verdict.n),
        Figure(f"{words.advice_title(row, t)}. {words.advice_reason(row, names)}"),
    )
