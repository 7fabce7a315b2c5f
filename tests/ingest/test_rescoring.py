from ingest import rescoring
from ingest.opening import now_ms
from ingest.rescoring import rescore
from store.placing import place as place_by_hand
from store.recount import recount
from store.retention import wipe
from store.rows import Batch
from store.stored import stored_rows
from store.writes import save
from text.stages import Placement, Placer

from .conftest import event

TEXTS = ["My flight was delayed, terrible!", "Mijn koffer is kwijt", "hm", "Thanks for the quick help with my booking"]


def fill(place, count=1):
    events = [event(f"{n}.{i}", text, author=f"k{i}", thread="t") for n in range(count) for i, text in enumerate(TEXTS)]
    rows, _ = place.pipeline("post").prepare(events, now_ms())
    save(place.engine, Batch("post", rows), now_ms=now_ms(), zone=place.zone)


def placed(place):
    return {row.external_id: (row.placed[0].stage, row.placed[0].by) for _, row in stored_rows(place.engine)}


def test_history_follows_a_change_of_rules_and_the_rollups_with_it(any_place, monkeypatch):
    monkeypatch.setattr(Placer, "place_all", by_word({"delayed": "fly"}))
    fill(any_place)
    assert placed(any_place)["0.0"] == ("fly", "rule")
    monkeypatch.setattr(Placer, "place_all", by_word({"delayed": "loyalty", "booking": "book"}))
    done = rescore(any_place)
    assert (done.read, done.written, done.finished) == (4, 4, True)
    assert placed(any_place)["0.0"] == ("loyalty", "rule") and placed(any_place)["0.3"] == ("book", "rule")
    assert recount(any_place.engine, any_place.zone) == []


def by_word(rules):
    """A placer with rules of single words, so that the shipped models have no say."""

    def place_all(self, texts, languages, hints):
        found = [next((stage for word, stage in rules.items() if word in text), None) for text in texts]
        return [Placement(stage, "rule", 1.0) if stage else None for stage in found]

    return place_all


def test_without_a_change_nothing_changes(place):
    fill(place)
    before = stored_rows(place.engine)
    rescore(place)
    assert stored_rows(place.engine) == before and recount(place.engine, place.zone) == []


def test_what_was_read_in_words_that_are_wiped_stays(any_place, monkeypatch):
    monkeypatch.setattr(Placer, "place_all", by_word({"delayed": "fly"}))
    fill(any_place)
    (source,) = {row.source for _, row in stored_rows(any_place.engine)}
    wipe(any_place.engine, source, 2**52, now_ms=1)
    before = stored_rows(any_place.engine)
    assert not any(row.text for _, row in before) and any(row.sentiment for _, row in before)
    monkeypatch.setattr(Placer, "place_all", by_word({"delayed": "loyalty", "": "book"}))
    assert rescore(any_place).finished
    assert stored_rows(any_place.engine) == before and recount(any_place.engine, any_place.zone) == []


def test_what_a_person_said_stays(place):
    fill(place)
    (id, _), *_ = stored_rows(place.engine)
    place_by_hand(place.engine, id, "airline", "arrive", now_ms=1, zone=place.zone)
    rescore(place)
    assert placed(place)["0.0"] == ("arrive", "person")


def test_it_stops_when_asked_and_goes_on_behind_what_it_did(place, monkeypatch):
    monkeypatch.setattr(rescoring, "CHUNK", 4)
    fill(place, 3)
    heard = []
    first = rescore(place, lambda *said: heard.append(said) or False)
    assert (first.read, first.finished) == (4, False) and heard == [(4, 12, first.after)]
    rest = rescore(place, after=first.after)
    assert (rest.read, rest.finished) == (8, True)


def test_an_empty_store(place):
    assert rescore(place).read == 0
