import threading

from ingest import chores
from ingest.chores import Chore, keep

from .fakes import Scripted


def kept(monkeypatch, *given, turns=3):
    """Let the loop turn a few times at once."""
    stop, lines, left = threading.Event(), [], [turns]

    def wait(seconds):
        left[0] -= 1
        if not left[0]:
            stop.set()
        return stop.is_set()

    monkeypatch.setattr(stop, "wait", wait)
    keep(given, stop, lines.append)
    return lines


def test_a_chore_is_done_at_once_and_then_when_it_is_due(monkeypatch):
    done = []
    kept(monkeypatch, Chore("often", 0.0, lambda: done.append("often")), Chore("hourly", 3_600, lambda: done.append("hourly")))
    assert done == ["often", "hourly", "often", "often"]


def test_one_that_fails_is_said_without_its_words_and_stops_no_other(monkeypatch):
    done = []

    def fail():
        raise ValueError("a customer's words")

    assert kept(monkeypatch, Chore("quotes", 3_600, fail), Chore("next", 3_600, lambda: done.append(1))) == [
        "quotes: not done this time (ValueError)"
    ]
    assert done == [1]


def test_the_real_ones_work_on_an_empty_store(place, chosen):
    for chore in chores.chores(place, chosen):
        chore.do()
    assert [chore.name for chore in chores.chores(place, chosen)] == [
        "old rollups",
        "settled deliveries",
        "corrections",
        "quotes",
        "alerts",
    ]


def test_those_that_ask_vendors_work_on_an_empty_store(place):
    asking = chores.upstream(place, [Scripted([[]]).source("post")], threading.Event(), print)
    for chore in asking:
        chore.do()
    assert [chore.name for chore in asking] == ["secrets that end", "looking up again", "old usage"]
