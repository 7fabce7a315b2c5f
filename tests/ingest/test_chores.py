import threading
from dataclasses import replace

from ingest import chores
from ingest.chores import NOT_YET, Chore, keep

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
        "words kept too long",
        "settled deliveries",
        "uploads",
        "corrections",
        "quotes",
        "alerts",
        "customers",
        "expectations",
        "weekly mail",
        "falls",
    ]


def test_those_that_ask_vendors_work_on_an_empty_store(place):
    asking = chores.upstream(place, [Scripted([[]]).source("post")], threading.Event(), print)
    for chore in asking:
        chore.do()
    assert [chore.name for chore in asking] == ["secrets that end", "missed deliveries", "looking up again", "old usage"]


def test_one_that_has_nothing_yet_comes_back_soon_and_less_and_less(monkeypatch):
    clock, done = [0.0], []
    monkeypatch.setattr(chores.time, "monotonic", lambda: clock[0])
    stop = threading.Event()

    def wait(seconds):
        clock[0] += seconds
        if clock[0] > 400:
            stop.set()
        return stop.is_set()

    monkeypatch.setattr(stop, "wait", wait)
    keep([Chore("quotes", 180, lambda: done.append(clock[0]) or (NOT_YET if len(done) < 4 else None))], stop, print)
    assert done == [0, 5, 15, 35, 215, 395]


def test_quotes_that_cannot_be_chosen_yet_are_tried_again(place, chosen):
    given = {
        chore.name: chore.do() for chore in chores.chores(place, replace(chosen, wall=replace(chosen.wall, quotes="strict")))
    }
    assert given["quotes"] is NOT_YET
    given = {chore.name: chore.do() for chore in chores.chores(place, replace(chosen, wall=replace(chosen.wall, quotes="off")))}
    assert given["quotes"] is not NOT_YET
