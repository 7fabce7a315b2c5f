import random
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import RateLimited, Transient
from ingest.backoff import LONGEST_LIMIT_S, LONGEST_S, Backoff

pytestmark = pytest.mark.faults

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def waits(fault, times=12):
    backoff = Backoff(random.Random(1))
    return [backoff.seconds(fault, NOW) for _ in range(times)]


def test_waits_double_with_jitter_up_to_a_cap():
    found = waits(Transient("away"))
    assert all(0.5 * min(LONGEST_S, 2.0**k) <= wait <= min(LONGEST_S, 2.0**k) for k, wait in enumerate(found))
    assert len(set(found)) == len(found)


def test_rate_limits_without_a_time_begin_at_a_minute():
    found = waits(RateLimited("429"))
    assert 30 <= found[0] <= 60 and 60 <= found[1] <= 120 and max(found) <= LONGEST_LIMIT_S


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [
        (RateLimited("429", NOW + timedelta(seconds=120)), 120, 120),
        (RateLimited("429", NOW - timedelta(seconds=120)), 1, 1),
        (RateLimited("429", NOW + timedelta(days=365)), LONGEST_LIMIT_S, LONGEST_LIMIT_S),
        (Transient("503", retry_after=30), 30, 30),
        (Transient("503", retry_after=1e9), LONGEST_LIMIT_S, LONGEST_LIMIT_S),
        (Transient("503", retry_after=-5), 0.5, 1),
    ],
)
def test_what_the_source_asks_is_obeyed_within_a_cap(fault, least, most):
    assert least <= waits(fault, 1)[0] <= most


def test_after_success_it_starts_anew_and_ending_by_itself_counts_as_a_fall():
    backoff = Backoff(random.Random(1))
    for _ in range(8):
        backoff.seconds(None, NOW)
    assert backoff.seconds(None, NOW) > 60
    backoff.worked()
    assert backoff.seconds(None, NOW) <= 1
