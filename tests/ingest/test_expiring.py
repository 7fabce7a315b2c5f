import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.language import texts
from connectors.base import AuthFault, Transient
from ingest import expiring
from ingest.expiring import Expiry, known_end
from ingest.status import refused
from ingest.terms import Terms
from store.corridor.sources import report
from store.engine import ms
from store.reads.sources import DAY_MS, ending, notices, read_sources

from .fakes import Scripted

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    moment = [ms(NOW)]
    monkeypatch.setattr(expiring, "now_ms", lambda: moment[0])
    return moment


def source(name="post", expires=None, told=None):
    connector = Scripted([[]])
    if told is not None:
        connector.expires = told
    return replace(connector.source(name), terms=Terms(secret_expires=expires))


def end_of(place, name="post"):
    return next(each.expires_at for each in read_sources(place.engine) if each.source == name)


def test_it_is_said_once_at_fourteen_seven_and_one_day_and_when_it_is_over(place, now):
    said = []
    expiry = Expiry(place, [source(expires=NOW + timedelta(days=20))], said.append)
    for days in range(23):
        now[0] = ms(NOW) + days * DAY_MS
        expiry.refresh()
        expiry.refresh()
    assert [line.partition("key ")[2].partition(" (")[0] for line in said] == [
        "expires in 14 days", "expires in 7 days", "expires within a day",
        "expired on 2026-03-22. Renew it at the source, or set the right date in secret_expires.",
    ]  # fmt: skip


def test_one_that_does_not_end_says_nothing(place):
    said = []
    Expiry(place, [source()], said.append).refresh()
    assert said == [] and end_of(place) == 0


def test_the_vendor_says_it_and_is_believed_until_it_says_otherwise(place):
    answers = [NOW + timedelta(days=3), Transient("away"), None]

    def told(config):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    expiry, found = Expiry(place, [source(told=told)], lambda line: None), []
    for _ in range(3):
        expiry.refresh()
        found.append(end_of(place))
    assert found == [ms(NOW) + 3 * DAY_MS, ms(NOW) + 3 * DAY_MS, 0]


def test_the_settings_are_believed_first(place):
    mine = source(expires=NOW, told=lambda config: NOW + timedelta(days=99))
    Expiry(place, [mine], lambda line: None).refresh()
    assert end_of(place) == ms(NOW) == known_end(place.engine, mine)


def test_a_source_with_a_fault_is_left_alone(place):
    Expiry(place, [replace(source(), fault="token: Field required")], lambda line: None).refresh()
    assert read_sources(place.engine) == []


@pytest.mark.parametrize(
    ("end", "state"), [(0, "sign_in"), (ms(NOW) + 1, "sign_in"), (ms(NOW), "expired"), (ms(NOW) - DAY_MS, "expired")]
)
def test_a_refusal_after_the_end_is_a_state_of_its_own(end, state):
    status = refused(AuthFault("401 of example.org"), end, ms(NOW))
    assert status.state == state
    for language in ("nl", "en"):
        assert "401 of example.org" in texts(language)(f"ingest.{status.key}", **status.values)


@pytest.mark.parametrize(
    ("days", "key", "urgent"),
    [(14.5, None, False), (14, "expires_days", False), (8, "expires_days", False), (7, "expires_days", True),
     (1, "expires_day", True), (0.2, "expires_day", True), (0, "has_expired", True), (-30, "has_expired", True)],
)  # fmt: skip
def test_the_page_says_it_in_time_in_both_languages(days, key, urgent):
    found = ending(ms(NOW) + round(days * DAY_MS), ms(NOW))
    assert (found is None) if key is None else (found.key, found.urgent) == (f"ingest.{key}", urgent)
    if found is not None:
        assert texts("nl")(found.key, **found.values) != texts("en")(found.key, **found.values)


def test_what_is_left_of_a_budget_is_a_notice_until_it_begins_anew(place):
    budget = json.dumps([{"limit": "items_per_month", "used": 40, "most": 100, "until": ms(NOW) + 1}])
    report(place.engine, "post", 5, budget=budget, status="live")
    (found,) = read_sources(place.engine)
    (line,) = notices(found, ms(NOW))
    assert texts("en")(line.key, **line.values) == "60 of 100 messages left this month."
    assert texts("nl")(line.key, **line.values) == "Nog 60 van 100 berichten deze maand."
    assert notices(found, ms(NOW) + 1) == []
