"""Zendesk Talk, Genesys and Intercom: what their records say of an experience, and what they must not say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from connectors.genesys import _event as genesys_event
from connectors.intercom import _event as intercom_event
from connectors.zendesk_talk import _batch as talk_batch
from tests.connectors.rigs import START
from tests.connectors.rigs_polled import GenesysRig, IntercomRig, ZendeskTalkRig
from tests.connectors.suite import batches


def values(event):
    return {reading.metric: reading.value for reading in event.said.readings}


@pytest.fixture(params=[ZendeskTalkRig, GenesysRig, IntercomRig])
def rig(request, tmp_path):
    made = request.param(tmp_path)
    yield made
    made.close()


def test_reading_again_brings_only_what_is_near(rig):
    for n in range(1, 9):
        rig.post(str(n), f"Bericht {n}")
    told = list(batches(rig))
    states = [batch.state for batch in told if batch.state]
    assert len({event.external_id for batch in told for event in batch.events}) == 8
    rig.post("9", "Nieuw")
    again = {event.external_id for batch in batches(rig, states[-1]) for event in batch.events}
    assert "9" in again


def test_a_busy_line_whose_pages_hold_less_than_the_overlap_goes_on(tmp_path):
    rig = ZendeskTalkRig(tmp_path)
    rig.apart = 10
    for n in range(1, 13):
        rig.post(str(n), f"Bericht {n}")
    told = list(batches(rig))
    rig.post("13", "Nieuw")
    again = {event.external_id for batch in batches(rig, told[-1].state) for event in batch.events}
    rig.close()
    assert {event.external_id for batch in told for event in batch.events} == {str(n) for n in range(1, 13)}
    assert {"12", "13"} <= again


CALL = {
    "id": 1,
    "created_at": START.isoformat(),
    "updated_at": START.isoformat(),
    "direction": "inbound",
    "completion_status": "completed",
    "wait_time": 30,
    "talk_time": 60,
    "hold_time": 5,
    "wrap_up_time": 10,
    "call_group_id": 7,
    "agent_id": 99,
}


def call(**changes):
    config = SimpleNamespace(stages={"7": "service"})
    batch, _ = talk_batch({"calls": [{**CALL, **changes}]}, config)
    return batch


def test_calls_of_zendesk():
    (event,) = call().events
    assert values(event) == {"wait": 30, "abandoned": 0, "talk_time": 60, "handle_time": 75} and event.said.stage == "service"
    assert "99" not in repr(event)
    (gone,) = call(completion_status="abandoned_in_queue", talk_time=0).events
    assert values(gone) == {"abandoned": 1} and gone.said.unanswered == ("wait",)
    (voicemail,) = call(completion_status="abandoned_in_voicemail", talk_time=0).events
    assert values(voicemail) == {} and voicemail.said.unanswered == ("wait",)
    assert call(direction="outbound").events == [] and len(call(updated_at="gisteren").bad) == 1


def conversation(metrics, media="voice", **changes):
    config = SimpleNamespace(stages={"q1": "service"})
    told = [{"name": name, "value": value} for name, value in metrics]
    sessions = [{"mediaType": media, "ani": "tel:+31", "metrics": told, "segments": [{"queueId": "q1"}]}]
    base = {
        "conversationId": "c",
        "conversationStart": START.isoformat(),
        "conversationEnd": START.isoformat(),
        "originatingDirection": "inbound",
        "participants": [{"participantName": "Amy", "userId": "u-99", "sessions": sessions}],
    }
    return genesys_event({**base, **changes}, config)


def test_conversations_of_genesys():
    event = conversation(
        [("tAnswered", 42000), ("tAnswered", 90000), ("tTalkComplete", 60000), ("tHandle", 70500), ("nTransferred", 1)]
    )
    assert values(event) == {"wait": 42, "abandoned": 0, "transferred": 1, "talk_time": 60, "handle_time": 70.5}
    assert "Amy" not in repr(event) and "u-99" not in repr(event) and event.said.stage == "service"
    gone = conversation([("tAbandon", 12000)])
    assert values(gone) == {"abandoned": 1} and gone.said.unanswered == ("wait",)
    assert "first_response" in values(conversation([("tAnswered", 5000)], media="email"))
    assert conversation([], conversationEnd=None) is None and conversation([], originatingDirection="outbound") is None
    assert conversation([], media="cobrowse") is None


def talk(**changes):
    config = SimpleNamespace(stages={"3": "service"})
    base = {
        "id": "1",
        "created_at": 1772438400,
        "updated_at": 1772439000,
        "state": "open",
        "team_assignee_id": 3,
        "statistics": {},
        "source": {"type": "conversation", "body": "<p>Waar blijft het?</p>", "author": {"type": "user", "id": "u1"}},
    }
    return intercom_event({**base, **changes}, config)


def test_conversations_of_intercom():
    waiting = talk()
    assert (
        waiting.said.text == "Waar blijft het?"
        and waiting.said.unanswered == ("first_response",)
        and waiting.said.stage == "service"
    )
    told = {"first_admin_reply_at": 1772438490, "count_reopens": 1, "count_assignments": 2}
    done = talk(statistics=told, state="closed", conversation_rating={"rating": 2})
    assert (
        values(done) == {"first_response": 90, "transferred": 1, "reopened": 1, "resolved_first": 0, "csat": 2}
        and not done.said.unanswered
    )
    ours = talk(source={"type": "conversation", "body": "Actie!", "author": {"type": "admin", "id": "a1"}})
    assert ours.said.text == "" and ours.said.kind == "measure" and ours.said.unanswered == ()


def test_a_lost_token_says_sign_in(rig):
    rig.set_mood("401")
    assert rig.connector.check(rig.config).code == "sign_in"
