"""A reported leak, masked strictly wherever it stands: in the contact, in what says the same, in quarantine and in quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.opening import Place, now_ms
from ingest.payload import event_of, written
from store.corridor.quarantine import drop_with, held, overwrite
from store.corridor.soundness import empty_log
from store.people.corrections import leak_closed
from store.rows import Row
from store.stored import rows_saying
from store.writes import rewrite
from text.masking import strict_mask
from text.strict import BLOT


@dataclass(frozen=True, slots=True)
class Remasked:
    """How many contacts now say less than they did, and how many payloads in quarantine."""

    contacts: int
    payloads: int = 0


def remask(place: Place, contact_id: int) -> Remasked:
    """Leave only harmless words in the contact, and in what says the same; later versions of it come in strictly masked too.

    Marks, stage and themes stay: what the customer meant has not changed. Doing it twice changes nothing.
    """
    found = rows_saying(place.engine, contact_id)
    said = {row.text for _, row in found} - {""}
    for _, row in found:
        row.text, row.url = strict_mask(row.text, row.language) or BLOT, ""
    place.learned.refresh(place.engine, place.journey.id)  # before the rewrite: a version on its way must not bring it back
    changed = rewrite(place.engine, [row for _, row in found], now_ms=now_ms(), zone=place.zone) if found else 0
    payloads = _quarantine(place, [row for _, row in found], said)
    leak_closed(place.engine, contact_id, [id for id, _ in found], now_ms())
    empty_log(place.engine)
    return Remasked(changed, payloads)


def _quarantine(place: Place, masked: Sequence[Row], said: set[str]) -> int:
    """The same in what was refused: other versions of these contacts, and whoever said the very same, keep harmless words.

    A payload that cannot be read as an event and holds the words themselves is thrown away: nobody could retry it masked.
    """
    names, texts = {(row.source, row.stream, row.external_id) for row in masked}, {row.text for row in masked}
    codes = sorted({row.language for row in masked} - {""}) or ["nl"]
    fresh: dict[int, bytes] = {}
    after = 0
    while some := held(place.engine, after=after):
        after = some[-1].id
        for payload in some:
            event = event_of(payload.raw)
            if event is None or event.said is None or not event.said.text:
                continue
            harmless = [strict_mask(event.said.text, code) or BLOT for code in codes]
            same = next((text for text in harmless if text in texts), "")
            if same or (payload.source, event.stream, event.external_id) in names:
                event.said.text, event.said.url = same or harmless[0], ""
                fresh[payload.id] = written(event)
    kept = overwrite(place.engine, fresh)
    return kept + drop_with(place.engine, "", [text.encode() for text in sorted(said)], now_ms())
