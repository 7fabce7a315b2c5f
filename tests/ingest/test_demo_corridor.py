"""The made-up company through the whole corridor: seeded, read, prepared and stored, as the demo does it."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from config.journey import load_journey
from connectors.sample import Sample, SampleConfig
from ingest.demo import seed
from ingest.pipeline import Pipeline
from store.engine import ms, open_store, prepare
from store.people.promises import active_promises
from store.recount import recount
from store.rows import Batch, Missed, Refused
from store.tables import Contact, Gap, Observation, Placement, Quarantine, RollupTheme, RollupWeek
from store.writes import read_state, save

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
ZONE, KEY = "Europe/Amsterdam", b"0123456789abcdef0123456789abcdef"
CONFIG = SampleConfig(contacts=4000, history_days=80, events_per_minute=120, seed=3, timezone=ZONE)


def through(engine, config=CONFIG, state=None, minutes=0):
    """Read the history and some minutes of the stream into the store; how many were received, stored, doubled and quarantined."""
    clock, stop, total = [NOW], threading.Event(), [0, 0, 0, 0]
    pipeline = Pipeline("sample", load_journey("airline"), [], KEY, version="1")
    for batch in Sample().read(config, state, stop, lambda: clock[0]):
        now = clock[0]
        rows, refused = pipeline.prepare(batch.events, ms(now))
        refused += [Refused(bad.stream, bad.raw, bad.why) for bad in batch.bad]
        missed = [Missed(batch.gap.stream, ms(batch.gap.start), ms(batch.gap.end), batch.gap.reason)] if batch.gap else []
        ready = Batch("sample", rows, refused, missed, batch.state)
        saved = save(engine, ready, now_ms=ms(now), zone=ZONE)
        counts = (saved.received, saved.stored, saved.duplicates, saved.quarantined)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        kept = json.loads(batch.state or read_state(engine, "sample") or "{}")
        if all(span["complete"] for span in kept["spans"]):
            clock[0] += timedelta(minutes=1)
            if clock[0] > NOW + timedelta(minutes=minutes):
                break
    return total


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A store with the seeded records, 80 days of history and 40 minutes of the stream, and what the corridor counted."""
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('corridor')}/demo.db", writer=True)
    prepare(engine)
    seed(engine, ms(NOW))
    yield engine, through(engine, minutes=40)
    engine.dispose()


def all_of(engine, query):
    with engine.connect() as connection:
        return connection.execute(query).all()


def one(engine, query):
    return all_of(engine, query)[0][0]


def test_every_event_ends_in_exactly_one_place(filled):
    _, (received, stored, duplicates, quarantined) = filled
    assert received == stored + duplicates + quarantined
    assert stored > 4000 and duplicates > 20, "the stream doubles some on purpose"


def test_only_what_was_cut_short_is_refused(filled):
    engine, (*_, quarantined) = filled
    reasons = {row.reason for row in all_of(engine, select(Quarantine.reason))}
    assert reasons <= {"the record ends in the middle of its text"}
    assert one(engine, select(func.count()).select_from(Quarantine)) == quarantined


def test_rollups_equal_a_recount(filled):
    engine, _ = filled
    assert recount(engine, ZONE) == []


MADE_UP = re.compile(r"NOVL\d|06-0000|voorbeeld\.example|999-\d{10}")


def test_no_made_up_private_data_is_stored(filled):
    engine, _ = filled
    texts = [row.text for row in all_of(engine, select(Contact.text)) if row.text]
    assert len(texts) > 1500
    assert [text for text in texts if MADE_UP.search(text)] == []
    tokens = {token for text in texts for token in re.findall(r"\[([A-Z -]+)\]", text)}
    assert {"IBAN", "TELEFOON", "E-MAIL", "POSTCODE", "NUMMER"} <= tokens


def test_customers_are_known_by_their_hash_only(filled):
    engine, _ = filled
    keys = {row.author_key for row in all_of(engine, select(Contact.author_key)) if row.author_key}
    assert len(keys) > 500 and all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)


def test_deleted_posts_leave_a_tombstone_without_words(filled):
    engine, _ = filled
    gone = all_of(engine, select(Contact.text, Contact.author_key).where(Contact.deleted_at.is_not(None)))
    assert gone and all(row.text == "" and not row.author_key for row in gone)


def test_nearly_everything_finds_its_stage(filled):
    engine, _ = filled
    joined = select(Placement.stage, func.count()).join(Contact, Contact.id == Placement.contact_id)
    counted = dict(all_of(engine, joined.where(Contact.kind == "contact").group_by(Placement.stage)))
    placed = sum(n for stage, n in counted.items() if stage)
    assert {stage.id for stage in load_journey("airline").stages} <= set(counted)
    assert placed > 0.95 * sum(counted.values())


def test_every_channel_and_kind_of_customer_has_its_rollup(filled):
    engine, _ = filled
    channels = {row.channel for row in all_of(engine, select(RollupWeek.channel).distinct())}
    segments = {row.segment for row in all_of(engine, select(RollupWeek.segment).distinct())}
    assert channels >= {"social", "chat", "phone", "email", "survey", "review", "web", "app"}
    assert segments >= {"", "new", "existing", "critical", "left", "choosing"}


def test_every_measure_that_the_promises_need_is_there(filled):
    engine, _ = filled
    metrics = {row.metric for row in all_of(engine, select(Observation.metric).distinct())}
    promised = {promise.metric for promise in active_promises(engine, "airline", ms(NOW)) if promise.metric}
    assert promised <= metrics
    assert {"csat", "ces", "nps", "expectation", "sentiment", "resolved_first", "abandoned", "transferred"} <= metrics


def test_what_customers_talk_about_is_counted_where_the_journey_has_themes(filled):
    engine, _ = filled
    found = {row.theme for row in all_of(engine, select(RollupTheme.theme).distinct())}
    known = {theme.id for theme in load_journey("airline").themes}
    assert found <= known
    assert len(found) > 0.5 * len(known)


def test_the_lost_evening_is_a_gap(filled):
    engine, _ = filled
    gaps = all_of(engine, select(Gap.stream, Gap.from_at, Gap.to_at))
    assert len(gaps) == 1 and gaps[0].stream == "social" and gaps[0].to_at > gaps[0].from_at


def test_reading_it_all_again_stores_nothing_new(filled):
    engine, _ = filled
    before = one(engine, select(func.count()).select_from(Contact))
    weeks = all_of(engine, select(func.sum(RollupWeek.n), func.sum(RollupWeek.m1)))
    anchored = json.loads(read_state(engine, "sample"))
    state = json.dumps(anchored | {"live_at": ms(NOW), "spans": [{"start": ms(NOW) - 80 * 86_400_000, "end": ms(NOW)}]})
    received, stored, duplicates, _ = through(engine, state=state)
    assert stored == 0 and duplicates == received > 900
    assert one(engine, select(func.count()).select_from(Contact)) == before
    assert all_of(engine, select(func.sum(RollupWeek.n), func.sum(RollupWeek.m1))) == weeks
