from store.corridor.inbox import put
from store.corridor.purging import purge_source
from store.corridor.quarantine import held
from store.corridor.soundness import totals
from store.erasing import erase
from store.reads.sources import read_sources as sources
from store.recount import recount
from store.stored import stored_rows
from store.writes import save

from .rows import ZONE, batch, row


def test_everything_of_one_source_goes_and_nothing_of_another(store):
    save(store, batch(*[row(str(n), case_key=f"c{n % 7}") for n in range(30)], refused=[(b"x", "bad")]), now_ms=5, zone=ZONE)
    save(store, batch(row("1", source="chat", case_key="c1"), source="chat"), now_ms=5, zone=ZONE)
    put(store, "post", "d1", {}, b"raw", 5)
    purged = purge_source(store, "post", now_ms=6, zone=ZONE)
    assert purged.contacts == 30 and purged.traces == 3
    assert [found.source for _, found in stored_rows(store)] == ["chat"] and [each.source for each in sources(store)] == ["chat"]
    assert held(store) == [] and recount(store, ZONE) == [] and totals(store)["contacts"] == 1


def test_who_was_forgotten_stays_forgotten(store):
    save(store, batch(row("1", author_key="a")), now_ms=5, zone=ZONE)
    erase(store, "post", ["a"], now_ms=6, zone=ZONE)
    assert purge_source(store, "post", now_ms=7, zone=ZONE).contacts == 1
    save(store, batch(row("1", author_key="a", version=9)), now_ms=8, zone=ZONE)
    assert stored_rows(store) == []


def test_a_source_that_never_was(store):
    purged = purge_source(store, "nobody", now_ms=6, zone=ZONE)
    assert (purged.contacts, purged.traces) == (0, 0)
