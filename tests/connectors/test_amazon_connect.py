"""Amazon Connect: records at least once and with unknown fields, gauges through botocore's Stubber, and its faults."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from botocore.stub import Stubber
from pydantic import ValidationError

from connectors import amazon_connect
from connectors.amazon_connect import AmazonConnect, Config, Place
from connectors.amazon_contacts import event_of
from connectors.base import AuthFault, BadRecord, ConfigFault, RateLimited, Transient
from connectors.hints import ScopeFault
from tests.connectors.rigs import AmazonRig
from tests.connectors.suite import batches

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORD = {
    "ContactId": "c1",
    "Channel": "VOICE",
    "InitiationMethod": "INBOUND",
    "InitiationTimestamp": "2026-03-02T08:59:50Z",
    "LastUpdateTimestamp": "2026-03-02T09:10:00Z",
    "CustomerEndpoint": {"Address": "+31612345678", "Type": "TELEPHONE_NUMBER"},
    "Queue": {
        "Name": "service",
        "ARN": "arn",
        "EnqueueTimestamp": "2026-03-02T09:00:00Z",
        "DequeueTimestamp": "2026-03-02T09:00:42Z",
        "Duration": 42,
    },
    "Agent": {
        "Username": "amy.agent",
        "ConnectedToAgentTimestamp": "2026-03-02T09:00:42Z",
        "AgentInteractionDuration": 120,
        "CustomerHoldDuration": 20,
        "AfterContactWorkDuration": 10,
    },
    "Attributes": {"csat": "4"},
    "InitialContactId": "c0",
    "NewField": {"of": "2027"},
}


def read(**changes):
    return event_of(json.dumps({**RECORD, **changes}).encode(), {"service": "service"}, {"csat": "csat"})


def values(event):
    return {reading.metric: reading.value for reading in event.said.readings}


def test_an_answered_contact():
    event = read()
    assert values(event) == {"wait": 42, "abandoned": 0, "talk_time": 120, "handle_time": 150, "transferred": 0, "csat": 4}
    assert (event.occurred_at, event.said.stage, event.said.case) == (datetime(2026, 3, 2, 9, tzinfo=UTC), "service", "c0")
    assert "amy" not in repr(event), "who answered is nobody's business"


def test_abandoned_transferred_and_out_of_any_queue():
    gone = read(Agent=None)
    assert values(gone) == {"abandoned": 1, "csat": 4} and gone.said.unanswered == ("wait",)
    assert values(read(TransferCompletedTimestamp="2026-03-02T09:05:00Z"))["transferred"] == 1
    self_served = read(Queue=None, Agent=None, Attributes={})
    assert values(self_served) == {} and self_served.said.unanswered == ()


def test_what_no_customer_began_is_left_out():
    assert read(InitiationMethod="OUTBOUND") is None and read(Channel="TASK") is None


def test_an_email_waits_for_its_first_response():
    assert "first_response" in values(read(Channel="EMAIL")) and read(Channel="EMAIL").said.channel == "email"


def test_a_later_update_is_a_higher_version():
    assert read().version < read(LastUpdateTimestamp="2026-03-02T09:10:01Z").version


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b'{"ContactId": "1"}',
        json.dumps({**RECORD, "InitiationTimestamp": "gisteren", "Queue": None}).encode(),
        json.dumps({**RECORD, "Queue": {"Name": "q", "Duration": "lang"}}).encode(),
    ],
)
def test_a_record_that_cannot_be_read(raw):
    with pytest.raises(BadRecord):
        event_of(raw, {}, {})


@pytest.fixture
def rig(tmp_path):
    made = AmazonRig(tmp_path)
    yield made
    made.close()


def test_resume_after_the_last_number_of_each_shard(rig):
    for n in range(1, 8):
        rig.post(str(n), "x")
    told = list(batches(rig))
    state = told[-1].state
    assert sum(len(batch.events) for batch in told) == 7
    assert not [event for batch in batches(rig, state) for event in batch.events]
    rig.post("9", "x")
    assert [event.external_id for batch in batches(rig, state) for event in batch.events] == ["c9"]


def test_a_shard_that_was_split_is_read_to_its_end_once(rig):
    rig.post("1", "x")
    answer = rig.answer

    def closing(request):
        status, headers, body = answer(request)
        said = json.loads(body)
        if said.get("Records") == []:
            said["NextShardIterator"] = None
        return status, headers, json.dumps(said).encode()

    rig.peer.answer = closing
    state = list(batches(rig))[-1].state
    assert set(json.loads(state)["shards"].values()) == {"SHARD_END"}
    rig.peer.requests.clear()
    list(batches(rig, state))
    assert not any("GetRecords" in request.headers["x-amz-target"] for request in rig.peer.requests)


def test_away_for_longer_than_the_stream_keeps_is_a_gap(rig):
    state = json.dumps({"shards": {}, "at": (rig.clock() - timedelta(hours=30)).isoformat()})
    first = next(iter(batches(rig, state)))
    assert first.gap is not None and first.gap.end == rig.clock() - timedelta(hours=24)


def gauges(**more):
    return Config(
        listen="gauges",
        instance="i-1",
        queues={"q-1": "service"},
        stages={"service": "service"},
        key_id="AKIA",
        secret_key="s3cret",
        **more,
    )


def stubbed(monkeypatch, arrange):
    real = amazon_connect.client

    def client(service, config):
        made = real(service, config)
        stub = Stubber(made)
        arrange(stub)
        stub.activate()
        return made

    monkeypatch.setattr(amazon_connect, "client", client)


def test_gauges_are_samples_and_a_missing_one_is_missing(monkeypatch):
    answer = {
        "MetricResults": [
            {
                "Dimensions": {"Queue": {"Id": "q-1", "Arn": "arn"}},
                "Collections": [
                    {"Metric": {"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}, "Value": 3.0},
                    {"Metric": {"Name": "AGENTS_ONLINE", "Unit": "COUNT"}},
                ],
            }
        ]
    }
    stubbed(monkeypatch, lambda stub: stub.add_response("get_current_metric_data", answer))
    (batch,) = AmazonConnect().read(gauges(), None, threading.Event(), lambda: NOW)
    (event,) = batch.events
    assert values(event) == {"queue_waiting": 3} and event.said.stage == "service" and event.said.kind == "measure"


@pytest.mark.parametrize(
    "code, kind, answer",
    [
        ("AccessDeniedException", ScopeFault, "scope"),
        ("UnrecognizedClientException", AuthFault, "sign_in"),
        ("ThrottlingException", RateLimited, "unreachable"),
        ("ResourceNotFoundException", ConfigFault, "config"),
        ("InternalServiceException", Transient, "unreachable"),
    ],
)
def test_each_fault_of_amazon_says_what_to_do(monkeypatch, code, kind, answer):
    status = 500 if kind is Transient else 400
    stubbed(
        monkeypatch, lambda stub: stub.add_client_error("get_current_metric_data", code, "secret words", http_status_code=status)
    )
    with pytest.raises(kind) as fault:
        list(AmazonConnect().read(gauges(), None, threading.Event(), lambda: NOW))
    assert "secret words" not in str(fault.value)
    assert AmazonConnect().check(gauges()).code == answer


def test_settings_that_cannot_work_say_so():
    for settings, why in (({}, "stream"), ({"listen": "gauges"}, "instance")):
        with pytest.raises(ValidationError, match=why):
            Config(**settings)
    assert AmazonConnect().check(Config(stream="s", endpoint="https://169.254.169.254")).code == "config"
    assert Place(None).shards == {}
