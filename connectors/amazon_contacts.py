"""A contact record of Amazon Connect as an event; unknown fields are ignored.

Source: Amazon Connect's administrator guide, "Data model for contact records".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import BadRecord, Event, Reading, Said
from connectors.moments import milliseconds, moment
from connectors.record import number, parse, plain

STREAM = "contacts"
CHANNELS = {"VOICE": "phone", "CHAT": "chat", "EMAIL": "email"}
OUR_OWN = ("OUTBOUND", "MONITOR", "DISCONNECT")


def event_of(raw: bytes, stages: Mapping[str, str], metrics: Mapping[str, str]) -> Event | None:
    """The event of one record; None for what no customer began (outbound calls, tasks). BadRecord when it cannot be read."""
    record = parse(raw)
    try:
        if record["InitiationMethod"] in OUR_OWN or record["Channel"] not in CHANNELS:
            return None
        version = milliseconds(moment(record["LastUpdateTimestamp"]))
        queue = record.get("Queue") or {}
        at = moment(queue.get("EnqueueTimestamp") or record["InitiationTimestamp"])
        return Event(STREAM, plain(record["ContactId"], 200), version, "upsert", at, _said(record, queue, stages, metrics))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadRecord(raw, f"no contact record: {fault!r}", STREAM) from None


def _said(record: Mapping[str, Any], queue: Mapping[str, Any], stages: Mapping[str, str], metrics: Mapping[str, str]) -> Said:
    agent = record.get("Agent") or {}
    answered = bool(agent.get("ConnectedToAgentTimestamp"))
    wait = "first_response" if record["Channel"] == "EMAIL" else "wait"
    readings = _answered(record, agent, queue, wait) if answered else [Reading("abandoned", 1.0)] if queue else []
    attributes = record.get("Attributes") or {}
    readings += [Reading(metric, number(attributes[name], metric)) for metric, name in metrics.items() if attributes.get(name)]
    return Said(
        channel=CHANNELS[record["Channel"]],
        author=plain((record.get("CustomerEndpoint") or {}).get("Address")) or None,
        case=plain(record.get("InitialContactId") or record["ContactId"]),
        stage=stages.get(queue.get("Name", "")),
        readings=readings,
        unanswered=(wait,) if queue and not answered else (),
    )


def _answered(record: Mapping[str, Any], agent: Mapping[str, Any], queue: Mapping[str, Any], wait: str) -> list[Reading]:
    talk = number(agent.get("AgentInteractionDuration") or 0, "AgentInteractionDuration")
    rest = sum(number(agent.get(name) or 0, name) for name in ("CustomerHoldDuration", "AfterContactWorkDuration"))
    moved = bool(record.get("TransferCompletedTimestamp") or record.get("TransferredToEndpoint"))
    readings = [Reading(wait, number(queue.get("Duration") or 0, "Queue.Duration")), Reading("abandoned", 0.0)]
    return [*readings, Reading("talk_time", talk), Reading("handle_time", talk + rest), Reading("transferred", float(moved))]
