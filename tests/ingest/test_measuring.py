import pytest

from connectors.base import Reading, Said
from ingest.measuring import Measurer
from metrics.bins import OPEN, bin_of
from store.rows import Observed

measurer = Measurer()


def observed(**more):
    return {seen.metric: seen for seen in measurer.observed(Said(channel="phone", **more))}


def test_each_contact_of_a_customer_counts_once():
    assert observed() == {"contacts": Observed("contacts", 1.0)}
    assert observed(provenance="employee") == {} and observed(kind="measure") == {}


def test_ratings_have_a_mark_and_durations_a_bin_too():
    found = observed(readings=[Reading("csat", 4), Reading("wait", 120, count=3, weight=2), Reading("abandoned", 1)])
    assert found["csat"].mark == 7.75 and found["csat"].bin == 0 and found["csat"].knots >= 1
    wait = found["wait"]
    assert (wait.mark, wait.bin, wait.count, wait.weight) == (5.5, bin_of(120), 3, 2)
    assert found["abandoned"].mark is None and found["abandoned"].knots == 0


def test_a_question_without_answer_is_open_and_has_no_mark():
    open_one = observed(unanswered=("first_response",))["first_response"]
    assert (open_one.bin, open_one.mark, open_one.value) == (OPEN, None, 0.0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"readings": [Reading("csat", 6)]}, "csat: found 6"),
        ({"readings": [Reading("wait", -1)]}, "wait: found -1"),
        ({"readings": [Reading("wait", float("nan"))]}, "nan"),
        ({"readings": [Reading("glamour", 1)]}, "glamour"),
        ({"unanswered": ("csat",)}, "unanswered: found 'csat'"),
    ],
)
def test_values_that_cannot_be_are_refused_by_name(more, told):
    with pytest.raises(ValueError, match=told):
        observed(**more)


def test_sentiment_and_marks_again():
    seen = measurer.sentiment(0.5)
    assert (seen.metric, seen.value, seen.mark) == ("sentiment", 0.5, 7.75)
    stale = Observed("csat", 4, 1.0, knots=0)
    assert measurer.again(stale, "phone").mark == 7.75
    assert measurer.again(Observed("wait", 0.0, None, OPEN), "phone").bin == OPEN
