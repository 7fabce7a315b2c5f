"""Made-up rows for benchmarks: the shape of an airline's contacts, the same for the same seed."""

from __future__ import annotations

import random

from store.rows import Observed, Placed, Row

JOURNEY = "airline"
STAGES = ("orient", "book", "checkin", "fly", "arrive", "service", "loyalty")
CHANNELS = ("social", "chat", "phone", "email")
SEGMENTS = ("new", "existing", "critical")
THEMES = ("delay", "luggage", "price", "staff", "app", "refund")
TEXT = "Vlucht [vlucht] heeft drie uur vertraging en niemand die iets zegt; ik wacht al de hele ochtend op antwoord van jullie."


def contact_rows(count: int, end_ms: int, every_ms: float, seed: int = 1) -> list[Row]:
    """Contacts of one source up to `end_ms`, one each `every_ms`: placed, with a theme, a segment, two or three observations."""
    draw = random.Random(seed)
    return [_row(draw, int(end_ms - (count - i) * every_ms)) for i in range(count)]


def _row(draw: random.Random, at: int) -> Row:
    channel, tone = draw.choice(CHANNELS), draw.uniform(-1, 1)
    observed = [Observed("contacts", 1.0), Observed("sentiment", tone, 5.5 + 4.5 * tone)]
    if channel == "phone":
        wait = draw.expovariate(1 / 90)
        observed.append(Observed("wait", wait, max(1.0, 10 - wait / 40), int(wait / 10)))
    return Row(
        source="made-up",
        stream="contacts",
        external_id=str(draw.getrandbits(60)),
        version=1,
        op="upsert",
        happened_at=at,
        received_at=at,
        channel=channel,
        author_key=f"{draw.getrandbits(128):032x}",
        case_key=f"{draw.getrandbits(128):032x}",
        language="nl",
        text=TEXT,
        mask_version=1,
        themes=(draw.choice(THEMES),),
        segments=(draw.choice(SEGMENTS),),
        engine="1",
        sentiment=tone,
        placed=[Placed(JOURNEY, draw.choice(STAGES), "rule")],
        observed=observed,
    )
