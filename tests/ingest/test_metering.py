import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from connectors.metering import Budget, Spent, called, metered
from ingest.metering import SourceMeter
from store.corridor.usage import add_usage, forget_usage, usage

pytestmark = pytest.mark.faults

NOW = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


class Clock:
    def __init__(self, at=NOW):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def meter(any_place):
    def make(clock=None, source="tweets", **limits):
        return SourceMeter(any_place.engine, source, Budget(**limits), clock or Clock())

    return make


def spend(meter, calls=0, items=0):
    for _ in range(calls):
        meter.call()
    meter.item(items)


def test_the_call_that_would_pass_the_limit_is_not_made(meter):
    counted = meter(calls_per_hour=3)
    spend(counted, calls=3)
    with pytest.raises(Spent) as fault:
        counted.call()
    assert (fault.value.limit, fault.value.used, fault.value.most) == ("calls_per_hour", 3, 3)
    assert counted.lines()[0].used == 3


@pytest.mark.parametrize(
    ("limit", "until"),
    [
        ({"calls_per_hour": 1}, datetime(2027, 1, 1, 0, tzinfo=UTC)),
        ({"calls_per_day": 1}, datetime(2027, 1, 1, tzinfo=UTC)),
        ({"items_per_month": 1}, datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_it_says_when_it_goes_on_and_then_goes_on(meter, limit, until):
    clock = Clock()
    counted = meter(clock, **limit)
    spend(counted, calls=1, items=1)
    with pytest.raises(Spent) as fault:
        counted.call()
        counted.room(1)
    assert fault.value.until == until
    clock.at = until
    counted.call()
    counted.room(1)


def test_what_is_on_its_way_to_the_store_counts(meter, monkeypatch):
    """The source's thread asks for room while the runner's is still writing down what was used."""
    counted, asked = meter(items_per_month=5, calls_per_hour=5), []

    def slow(*given):
        for ask in (lambda: counted.room(1), counted.call):
            with pytest.raises(Spent) as fault:
                ask()
            asked.append(fault.value.used)
        counted.item(2)
        return add_usage(*given)

    monkeypatch.setattr("ingest.metering.add_usage", slow)
    spend(counted, calls=5, items=5)
    assert counted.settle() and asked == [5, 5]
    assert counted.lines()[1].used == 7, "and what came meanwhile counts too"


def test_what_could_not_be_written_down_is_neither_forgotten_nor_doubled(meter, monkeypatch):
    counted = meter(items_per_month=50)

    def away(*given):
        counted.item(2)
        raise OperationalError("insert", {}, Exception("database is locked"))

    counted.item(5)
    with monkeypatch.context() as patch:
        patch.setattr("ingest.metering.add_usage", away)
        with pytest.raises(OperationalError):
            counted.settle()
    assert counted.lines()[0].used == 7
    assert counted.settle() and counted.lines()[0].used == 7 and not counted.settle()


def test_december_of_one_year_is_not_that_of_the_next(meter):
    clock = Clock()
    counted = meter(clock, items_per_month=5)
    counted.item(5)
    clock.at = NOW + timedelta(days=365)
    counted.room(5)
    assert counted.lines()[0].used == 0


def test_no_batch_may_come_that_does_not_fit_whole(meter):
    counted = meter(items_per_month=250)
    counted.item(150)
    counted.room(100)
    counted.item(1)
    with pytest.raises(Spent):
        counted.room(100)
    counted.room(99)


def test_money_is_what_calls_and_items_cost_together(meter):
    counted = meter(money_per_month=1.0, cost_per_call=0.1, cost_per_item=0.01)
    spend(counted, calls=4, items=50)
    assert counted.lines()[0].used == pytest.approx(0.9)
    counted.call()
    for passing in (counted.call, lambda: counted.room(1)):
        with pytest.raises(Spent, match="money_per_month"):
            passing()


def test_without_limits_everything_goes_and_is_still_counted(meter, any_place):
    counted = meter()
    spend(counted, calls=500, items=9)
    counted.room(10**9)
    assert counted.lines() == [] and counted.settle() and not counted.settle()
    assert sorted(usage(any_place.engine, "tweets", 0).values()) == [9, 500]


def test_a_restart_remembers(meter):
    before = meter(calls_per_day=5)
    spend(before, calls=4)
    before.settle()
    after = meter(calls_per_day=5)
    after.call()
    with pytest.raises(Spent):
        after.call()


def test_two_processes_share_one_budget_once_they_settle(meter):
    one, other = meter(calls_per_hour=10), meter(calls_per_hour=10)
    for _ in range(5):
        one.call()
        one.settle()
        other.call()
        other.settle()
    one.settle()
    with pytest.raises(Spent):
        other.call()
    assert meter(calls_per_hour=10).lines()[0].used == 10


def test_sources_do_not_share(meter):
    one = meter(source="a", calls_per_hour=1)
    one.call()
    one.settle()
    meter(source="b", calls_per_hour=1).call()


def test_what_the_store_could_not_take_is_not_forgotten(meter, any_place, monkeypatch):
    from ingest import metering

    counted, real = meter(calls_per_hour=9), metering.add_usage
    counted.call()

    def full(*_):
        raise metering.DatabaseFault("disk full")

    monkeypatch.setattr(metering, "add_usage", full)
    with pytest.raises(metering.DatabaseFault):
        counted.settle()
    assert counted.lines()[0].used == 1
    monkeypatch.setattr(metering, "add_usage", real)
    counted.settle()
    assert counted.lines()[0].used == 1 and sum(usage(any_place.engine, "tweets", 0).values()) == 1


def test_written_it_is_what_the_page_reads(meter):
    counted = meter(calls_per_hour=9, money_per_month=2.5, cost_per_item=0.3)
    spend(counted, calls=2, items=1)
    written = json.loads(counted.written())
    assert [(line["limit"], line["used"], line["most"]) for line in written] == [
        ("calls_per_hour", 2, 9), ("money_per_month", 0.3, 2.5)
    ]  # fmt: skip


def test_no_order_of_calls_items_and_settling_passes_a_limit(meter, any_place):
    """A plain count beside it, over random doings of three processes that settle at random."""
    chance, clock = random.Random(5), Clock(datetime(2026, 5, 1, tzinfo=UTC))
    limits = {"calls_per_hour": 40, "calls_per_day": 60, "items_per_month": 90}
    counted = meter(clock, **limits)
    made: list[datetime] = []
    items = 0
    for _ in range(1_500):
        clock.at += timedelta(minutes=chance.randint(0, 3))
        try:
            if chance.random() < 0.8:
                counted.call()
                made.append(clock.at)
            else:
                counted.room(3)
                counted.item(chance.randint(0, 3))
        except Spent:
            continue
        if chance.random() < 0.1:
            counted.settle()
            counted = meter(clock, **limits)
    hours, days = {}, {}
    for at in made:
        hours[at.replace(minute=0)] = hours.get(at.replace(minute=0), 0) + 1
        days[at.date()] = days.get(at.date(), 0) + 1
    counted.settle()
    items = sum(n for (measure, _), n in usage(any_place.engine, "tweets", 0).items() if measure == "items")
    assert max(hours.values()) <= 40 and max(days.values()) == 60 and 87 < items <= 90


def test_connectors_are_counted_only_within_the_block(meter):
    counted = meter(calls_per_hour=1)
    called()
    with metered(counted):
        called()
        with pytest.raises(Spent):
            called()
    called()


def test_old_usage_is_forgotten(meter, any_place):
    counted = meter()
    counted.call()
    counted.settle()
    assert forget_usage(any_place.engine, 0) == 0 and forget_usage(any_place.engine, 2**50) == 1
