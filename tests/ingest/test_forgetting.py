import pytest

from connectors.base import Reading
from ingest.forgetting import forget
from ingest.opening import now_ms
from store.corridor.quarantine import held
from store.recount import recount
from store.rows import Batch, Refused
from store.stored import stored_rows
from store.writes import save

from .conftest import event


def tell(place, source, *events, raw=()):
    rows, refused = place.pipeline(source).prepare(list(events), now_ms())
    payloads = [*refused, *(Refused("", each, "bad") for each in raw)]
    save(place.engine, Batch(source, rows, payloads), now_ms=now_ms(), zone=place.zone)


def authors(place):
    return sorted(row.external_id for _, row in stored_rows(place.engine))


@pytest.fixture
def filled(place):
    tell(
        place,
        "post",
        event("1", author="jan@x.nl"),
        event("2", author="piet"),
        event("3", author="jan@x.nl", readings=[Reading("csat", 9)]),
    )
    tell(place, "chat", event("4", author="jan@x.nl"), raw=["5;jan@x.nl;hoi".encode("cp1252"), b"6;piet;hoi"])
    return place


def test_one_customer_at_every_source(filled):
    gone = forget(filled, "jan@x.nl")
    assert (gone.contacts, gone.payloads) == (2, 2) and authors(filled) == ["2"]
    assert [payload.raw for payload in held(filled.engine)] == [b"6;piet;hoi"]
    assert recount(filled.engine, filled.zone) == []


def test_at_one_source_only(filled):
    assert forget(filled, "jan@x.nl", "chat").contacts == 1 and authors(filled) == ["1", "2"]


def test_nothing_of_them_is_stored_again(filled):
    forget(filled, "jan@x.nl")
    tell(filled, "post", event("9", author="jan@x.nl"), event("1", author="jan@x.nl", version=9))
    assert authors(filled) == ["2"]


def test_a_customer_number_counts_everywhere(place):
    tell(place, "post", event("1", author="customer:7"))
    tell(place, "chat", event("2", author="customer:7"), event("3", author="customer:8"))
    assert forget(place, "customer:7").contacts == 2 and authors(place) == ["3"]


def test_nothing_of_them_stays_in_the_files(filled, tmp_path):
    forget(filled, "jan@x.nl")
    assert [path.name for path in tmp_path.iterdir() if path.is_file() and b"jan@x" in path.read_bytes()] == []


def test_somebody_unknown(filled):
    assert forget(filled, "nobody").contacts == 0 and len(authors(filled)) == 3
