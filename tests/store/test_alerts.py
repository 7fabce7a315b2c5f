"""Alerts begin once and end once, each kind apart, and the screens hear of both."""

from store.alerts import Begun, keep_alerts, open_alerts
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
