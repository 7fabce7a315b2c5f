"""One contact history in five formats gives the same numbers to the last digit: marks, bins, counts, per day and stage.

Compared is what all five can say: contacts, wait (with who was never answered), abandoned, transferred and csat. Compared are
the whole numbers of the daily rollup, so that not even a rounding can hide.
"""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.amazon_contacts import event_of
from connectors.asterisk import Asterisk
from connectors.asterisk import Config as AsteriskConfig
from connectors.base import Batch
from connectors.files import connector as files
from connectors.webhook import Config as WebhookConfig
from connectors.webhook import Webhook
from store.tables import RollupDay
from tests.connectors import one_history as written
from tests.connectors.suite import Books

LATER = datetime(2026, 4, 1, tzinfo=UTC)
SHARED = ("contacts", "wait", "abandoned", "transferred", "csat")
CONTACTS = written.history()


class Source:
    def __init__(self, name):
        self.name = name

    def clock(self):
        return LATER


def asterisk(folder):
    path = folder / "queue_log"
    path.write_text(written.queue_log(CONTACTS))
    config = AsteriskConfig(path=path, stages=written.STAGES, custom={"SURVEY": "csat"})
    stop = threading.Event()
    for batch in Asterisk().read(config, None, stop, lambda: LATER):
        if not batch.events:
            return
        yield batch


def amazon_connect(folder):
    yield Batch(events=[event_of(raw, written.STAGES, {"csat": "csat"}) for raw in written.contact_records(CONTACTS)])


def chatwoot(folder):
    yield from pushed("chatwoot", written.chatwoot_deliveries(CONTACTS), written.chatwoot_stages())


def zendesk(folder):
    yield from pushed("zendesk", written.zendesk_deliveries(CONTACTS), written.zendesk_stages())


def pushed(preset, deliveries, stages):
    """In an order that no vendor promises: shuffled, each tenth delivered twice."""
    config = WebhookConfig(preset=preset, secrets=(written.SECRET,), stages=stages)
    deliveries = [*deliveries, *deliveries[::10]]
    random.Random(3).shuffle(deliveries)
    now = written.START + timedelta(seconds=100)
    for at in range(0, len(deliveries), 40):
        several = (Webhook().accept(config, headers, body, now) for headers, body in deliveries[at : at + 40])
        yield Batch(events=[event for events in several for event in events])


def spreadsheet(folder):
    (folder / "drop").mkdir()
    mapping = written.csv_file(CONTACTS, folder / "drop" / "contacten.csv")
    config = files.Config(folder=folder / "drop", mapping=mapping, channel="phone", settle_s=0)
    yield from files.Files().read(config, None, threading.Event(), lambda: datetime.now(UTC) + timedelta(minutes=1))


FORMATS = {"asterisk": asterisk, "amazon_connect": amazon_connect, "chatwoot": chatwoot, "zendesk": zendesk, "csv": spreadsheet}


def measured(name, folder):
    books = Books(Source(name), folder)
    for batch in FORMATS[name](folder):
        assert not batch.bad, batch.bad[0].why
        books.write(batch)
    with Session(books.engine) as session:
        rows = session.execute(select(RollupDay).where(RollupDay.metric.in_(SHARED))).scalars()
        found = {(r.bucket, r.stage, r.segment, r.metric, r.bin): (r.n, r.w, r.w2, r.m1, r.m2, r.v) for r in rows}
    books.close()
    return found


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return measured("csv", tmp_path_factory.mktemp("csv"))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv"])
def test_every_format_gives_the_same_numbers(name, reference, tmp_path):
    assert measured(name, tmp_path) == reference


def test_the_numbers_are_those_of_the_history(reference):
    def total(metric, part):
        return sum(values[part] for key, values in reference.items() if key[3] == metric)

    n, open_ones = len(CONTACTS), sum(1 for c in CONTACTS if not c.answered)
    thousand = total("contacts", 0) / n
    assert total("wait", 0) == n * thousand
    assert sum(values[0] for key, values in reference.items() if key[3:] == ("wait", -1)) == open_ones * thousand > 0
    assert total("csat", 0) == sum(1 for c in CONTACTS if c.csat) * thousand > 0
