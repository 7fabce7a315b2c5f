"""Who says to leave and who names a rival: by customer, so that one angry customer with five posts is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, String, cast, func, literal, or_, select

from store.engine import reading
from store.reads.voices import holds
from store.tables import Contact, Placement

LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one contact said: its masked text and themes, and a key that is the same for the same customer."""

    who: str
    text: str
    themes: tuple[str, ...]


def heard(
    engine: Engine, journey: str, stage: str, from_ms: int, to_ms: int, names: Sequence[str] = ()
) -> tuple[int, list[Spoken]]:
    """How many customers said something in the stage from `from_ms` up to `to_ms` (UTC epoch ms), and what was said by those
    who leave or whose words hold one of `names` (any case, also within a word: the reader decides).

    Who is not known by an account counts as a customer per contact; employees and what was taken back are left out.
    """
    who = func.coalesce(Contact.author_key, literal("contact ") + cast(Contact.id, String))
    place = Placement.contact_id == Contact.id
    asked = [Placement.journey == journey, Placement.stage == stage, Contact.kind == "contact", Contact.text != ""]
    asked += [Contact.deleted_at.is_(None), Contact.provenance == "customer"]
    asked += [Contact.happened_at >= from_ms, Contact.happened_at < to_ms]
    leaves = holds(Contact.themes, LEAVING)
    named = [Contact.text.icontains(name, autoescape=True) for name in names]
    customers = select(func.count(func.distinct(who))).select_from(Contact).join(Placement, place).where(*asked)
    said = select(who.label("who"), Contact.text, Contact.themes).join(Placement, place).where(*asked, or_(leaves, *named))
    with reading(engine) as connection:
        n = connection.execute(customers).scalar_one()
        rows = connection.execute(said.order_by(Contact.id)).all()
    return int(n), [Spoken(row.who, row.text, tuple(row.themes.split())) for row in rows]
