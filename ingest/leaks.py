"""A reported leak, masked strictly wherever it stands: in the contact, in others that say the very same, and in every quote."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.opening import Place, now_ms
from store.corridor.soundness import empty_log
from store.people.corrections import leak_closed
from store.stored import rows_saying
from store.writes import rewrite
from text.masking import strict_mask
from text.strict import BLOT


@dataclass(frozen=True, slots=True)
class Remasked:
    """How many contacts now say less than they did."""

    contacts: int


def remask(place: Place, contact_id: int) -> Remasked:
    """Leave only harmless words in the contact, and in what says the same; later versions of it come in strictly masked too.

    Marks, stage and themes stay: what the customer meant has not changed. Doing it twice changes nothing.
    """
    found = rows_saying(place.engine, contact_id)
    for _, row in found:
        row.text, row.url = strict_mask(row.text, row.language) or BLOT, ""
    place.learned.refresh(place.engine, place.journey.id)  # before the rewrite: a version on its way must not bring it back
    written = rewrite(place.engine, [row for _, row in found], now_ms=now_ms(), zone=place.zone) if found else 0
    leak_closed(place.engine, contact_id, [id for id, _ in found], now_ms())
    empty_log(place.engine)
    return Remasked(written)
