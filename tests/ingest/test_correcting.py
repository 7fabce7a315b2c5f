"""Corrections obeyed: the contact moves, the rollups move with it to the unit, and nothing moves it back."""

import pytest
from sqlalchemy import func, select

from ingest.chores import chores
from ingest.correcting import apply_corrections
from ingest.opening import now_ms
from ingest.rescoring import rescore
from store.people.corrections import correct_sentiment, correct_stage, pending
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.tables import RollupDay
from store.writes import save

from .conftest import event

TEXTS = ["Mijn koffer is kwijt", "Mijn koffer is weg", "Keurig geholpen door de klantenservice", "Prima vlucht gehad"]


@pytest.fixture
def filled(any_place):
    events = [event(str(i), text, author=f"k{i}") for i, text in enumerate(TEXTS)]
    rows, _ = any_place.pipeline("post").prepare(events, now_ms())
    save(any_place.engine, Batch("post", rows), now_ms=now_ms(), zone=any_place.zone)
    return any_place


def placed(place):
    return {id: (row.placed[0].stage, row.placed[0].by) for id, row in stored_rows(place.engine)}


def counted(place, metric="contacts"):
    """n and the sum of marks per stage, as the week page reads them."""
    query = select(RollupDay.stage, func.sum(RollupDay.n), func.sum(RollupDay.m1)).where(
        RollupDay.metric == metric, RollupDay.segment == "", RollupDay.journey == place.journey.id
    )
    with place.engine.connect() as connection:
        return {stage: (int(n), int(m)) for stage, n, m in connection.execute(query.group_by(RollupDay.stage)) if n}


def obey(place):
    return apply_corrections(place.engine, now_ms(), place.zone)


def test_a_corrected_contact_moves_with_exactly_its_own_share(filled):
    id, stage = next((id, stage) for id, (stage, _) in placed(filled).items() if stage == "arrive")
    before, tone = counted(filled), counted(filled, "sentiment")
    mark = next(
        o.mark for found, row in stored_rows(filled.engine) if found == id for o in row.observed if o.metric == "sentiment"
    )
    correct_stage(filled.engine, id, "airline", "loyalty", "Sanne", now_ms())
    assert counted(filled) == before, "only ingest moves a contact"
    assert obey(filled) == 1 and placed(filled)[id] == ("loyalty", "person") and pending(filled.engine) == []
    after, moved = counted(filled), counted(filled, "sentiment")
    assert after["loyalty"][0] == 1 and after.get(stage, (0, 0))[0] == before[stage][0] - 1
    assert moved["loyalty"][1] == tone[stage][1] - moved.get(stage, (0, 0))[1] == round(1000 * mark)
    assert recount(filled.engine, filled.zone) == []


def test_it_stays_where_a_person_put_it(filled):
    correct_stage(filled.engine, 1, "airline", "loyalty", "Sanne", now_ms())
    obey(filled)
    rescore(filled)
    assert placed(filled)[1] == ("loyalty", "person") and obey(filled) == 0


def test_the_last_word_counts(filled):
    for stage in ("loyalty", "fly"):
        correct_stage(filled.engine, 1, "airline", stage, "Sanne", now_ms())
    assert obey(filled) == 2 and placed(filled)[1] == ("fly", "person")
    assert recount(filled.engine, filled.zone) == []


def test_a_corrected_tone_changes_no_mark(filled):
    before = counted(filled, "sentiment")
    correct_sentiment(filled.engine, 1, "positive", "Sanne", now_ms())
    assert obey(filled) == 0 and counted(filled, "sentiment") == before


def test_a_contact_that_is_gone_holds_nothing_up(filled):
    correct_stage(filled.engine, 1, "airline", "fly", "Sanne", now_ms())
    save(filled.engine, Batch("post", filled.pipeline("post").prepare([event("0", op="delete", version=2)], now_ms())[0]),
         now_ms=now_ms(), zone=filled.zone)  # fmt: skip
    assert obey(filled) == 1 and pending(filled.engine) == []


def test_a_running_ingest_obeys_by_itself(filled, chosen):
    correct_stage(filled.engine, 1, "airline", "fly", "Sanne", now_ms())
    next(chore for chore in chores(filled, chosen) if chore.name == "corrections").do()
    assert placed(filled)[1] == ("fly", "person")
