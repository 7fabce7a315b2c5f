from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Event, Reading, Said
from ingest.payload import event_of, written

from .conftest import event

words = st.text(st.characters(), max_size=30)
said = st.builds(
    Said,
    channel=words,
    text=words,
    author=st.none() | words,
    segments=st.lists(words, max_size=2).map(tuple),
    readings=st.lists(st.builds(Reading, metric=words, value=st.floats(allow_nan=False), count=st.just(2.0)), max_size=2),
    unanswered=st.lists(words, max_size=2).map(tuple),
)
events = st.builds(
    Event,
    stream=words,
    external_id=words,
    version=st.integers(),
    op=st.just("upsert"),
    occurred_at=st.datetimes(),
    said=st.none() | said,
)


@given(events)
def test_what_was_written_is_read_again(given_event):
    assert event_of(written(given_event)) == given_event


def test_other_payloads_are_none():
    cut = written(event())[:-20]
    assert [event_of(raw) for raw in (b"", b"{}", b"[1]", b"1,a,2015", b'{"klantblik_event": 1}', cut, b"[" * 100_000)] == [
        None
    ] * 7
