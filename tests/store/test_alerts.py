"""Alerts begin once and end once, each kind apart, and the screens hear of both."""

from store.alerts import Begun, keep_alerts, open_alerts
from store.reads.alarms import alarms_between
from store.reads.wall import pulse_version

NOW = 1_795_000_000_000


def begun(stage="fly", kind="promise_broken", code="B-1"):
    return Begun(kind, "airline", stage, "email", "wait", NOW - 5, 1.0, {"code": code})


def wanted(*alerts):
    return {alert.key: alert for alert in alerts}


def test_an_alert_is_opened_once_whatever_is_asked_again(store):
    assert keep_alerts(store, "promise_broken", wanted(begun()), NOW) == 1
    before = pulse_version(store)
    assert keep_alerts(store, "promise_broken", wanted(begun()), NOW + 1) == 0
    assert len(open_alerts(store, "promise_broken")) == 1
    assert pulse_version(store) == before


def test_what_is_not_wanted_any_more_ends(store):
    keep_alerts(store, "promise_broken", wanted(begun("fly"), begun("book")), NOW)
    assert keep_alerts(store, "promise_broken", wanted(begun("book")), NOW + 1) == 1
    assert [key[2] for key in open_alerts(store, "promise_broken")] == ["book"]


def test_one_kind_does_not_end_another(store):
    keep_alerts(store, "promise_broken", wanted(begun()), NOW)
    keep_alerts(store, "drop", {}, NOW)
    assert len(open_alerts(store, "promise_broken")) == 1


def test_two_promises_of_one_stage_are_two_alerts(store):
    assert keep_alerts(store, "promise_broken", wanted(begun(code="B-1"), begun(code="B-2")), NOW) == 2


def told(code, severity, **detail):
    return Begun("drop", "airline", "fly", "", "", NOW - 5, severity, {"code": code, **detail})


def test_what_stands_is_told_anew_and_keeps_its_beginning(store):
    keep_alerts(store, "drop", wanted(told("", 1.0, now=6.1)), NOW)
    later = Begun("drop", "airline", "fly", "", "", NOW + 9, 1.4, {"code": "", "now": 5.8})
    assert keep_alerts(store, "drop", wanted(later), NOW + 10) == 1
    (alarm,) = alarms_between(store, "airline", 0, NOW + 99, "drop")
    assert (alarm.began_at, alarm.ended_at, alarm.severity, alarm.detail["now"]) == (NOW - 5, 0, 1.4, 5.8)


def test_what_comes_back_soon_is_the_same_alarm_and_later_another(store):
    once = wanted(told("", 1.0))
    keep_alerts(store, "drop", once, NOW)
    keep_alerts(store, "drop", {}, NOW + 10)
    assert keep_alerts(store, "drop", once, NOW + 15, again_ms=10) == 1
    assert [one.ended_at for one in alarms_between(store, "airline", 0, NOW + 99, "drop")] == [0]
    keep_alerts(store, "drop", {}, NOW + 20)
    keep_alerts(store, "drop", once, NOW + 40, again_ms=10)
    assert sorted(one.ended_at for one in alarms_between(store, "airline", 0, NOW + 99, "drop")) == [0, NOW + 20]


def test_alarms_are_read_by_the_span_in_which_they_stood(store):
    keep_alerts(store, "drop", wanted(told("", 1.0)), NOW)
    keep_alerts(store, "drop", {}, NOW + 10)
    spans = [(NOW - 20, NOW - 5), (NOW - 20, NOW), (NOW + 9, NOW + 20), (NOW + 10, NOW + 20)]
    assert [len(alarms_between(store, "airline", *span)) for span in spans] == [0, 1, 1, 0]
    assert alarms_between(store, "other", NOW - 20, NOW) == []
    assert alarms_between(store, "airline", NOW - 20, NOW, "promise_broken") == []
