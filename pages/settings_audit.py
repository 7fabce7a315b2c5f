"""The audit on the settings page: who did what, in the words in which people know the things."""

from __future__ import annotations

from collections.abc import Callable

from config.language import Texts
from pages.rights import entries, screens, verify
from pages.sheet import Node, el, sheet
from pages.visit import Visit, freshness
from reports.names import Names

SHOWN = 50


def draw(visit: Visit) -> None:
    """Draw the section."""
    t = visit.t
    broken = verify(visit.store)
    state = t("settings.audit_broken", count=t.whole(len(broken))) if broken else t("settings.audit_whole")
    name = names(visit)
    rows = [_entry(row, visit, name) for row in entries(visit.store, limit=SHOWN)]
    head = el("tr", None, *[el("th", {"scope": "col"}, t(f"settings.audit_{column}")) for column in ("when", "who", "what")])
    table = el("table", "list", el("thead", None, head), el("tbody", None, *rows))
    table = table if rows else el("p", "cap", t("settings.audit_none"))
    sheet([el("h2", "section", t("settings.audit")), el("p", "cap", state), table], "audit")


def did(action: str, subject: str, t: Texts, name: Callable[[str, str], str] = lambda _kind, id: id) -> str:
    """A row of the audit in words: `approved`, `promise B-01` is "belofte B-01 goedgekeurd".

    `name` gives what people call a thing of a kind (wall, expectation, journey); what a newer version of Klantblik wrote stays
    as it is.
    """
    kind, _, id = subject.partition(" ")
    if subject.startswith("one thing "):
        kind, id = "one_thing", subject.removeprefix("one thing ")
    if not (t.has(f"audit.{action}") and t.has(f"audit.kind_{kind}")):
        return f"{action} · {subject}"
    if kind == "fact" and (known := _fact(id, t)):
        return t(f"audit.{action}", what=known)
    return t(f"audit.{action}", what=f"{t(f'audit.kind_{kind}')} {name(kind, id)}".strip())


def names(visit: Visit) -> Callable[[str, str], str]:
    """What people call a thing of a kind, as far as it has a name beside its number."""
    journey = visit.journey
    stage = Names(visit.t, journey).stage
    hung = {str(screen.id): screen.name for screen in screens(visit.store)} if visit.person.may("manager") else {}
    given = {"expectation": stage, "wall": lambda id: hung.get(id, id)}
    given["journey"] = lambda id: journey.name[visit.t.code] if id == journey.id else id
    return lambda kind, id: given[kind](id) if kind in given else id


def _fact(key: str, t: Texts) -> str:
    """A setting's name; one that belongs to a journey ends in that journey's id."""
    found = [name for name in (key, key.rpartition("_")[0], key.rpartition(" ")[0]) if t.has(f"audit.fact_{name}")]
    return t(f"audit.fact_{found[0]}") if found else ""


def _entry(row, visit: Visit, name: Callable[[str, str], str]) -> Node:
    cells = (freshness(row.at, visit), row.who or "–", did(row.action, row.subject, visit.t, name))
    return el("tr", None, *[el("td", None, cell) for cell in cells])
