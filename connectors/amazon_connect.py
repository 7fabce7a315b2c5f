"""Amazon Connect: contact records from a Kinesis stream; live gauges from GetCurrentMetricData, as a source of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from connectors.amazon_contacts import STREAM, event_of
from connectors.aside import Stopped, aside
from connectors.aws import ask, client
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event, Missing, Reading, Said
from connectors.hints import checked
from connectors.hosts import NetConfig, addresses
from connectors.moments import milliseconds, moment

DONE = "SHARD_END"
PAGE = 500
CLIENT_S = 30.0


class Config(NetConfig):
    """`listen` to contact records (Kinesis) or to gauges (Connect itself). Without keys the machine's own role counts."""

    listen: Literal["records", "gauges"] = "records"
    region: str = "eu-central-1"
    stream: str = Field(default="", description="name of the Kinesis stream that receives the contact records")
    key_id: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    endpoint: str = Field(default="", description="another address than Amazon's, for a VPC endpoint or a test")
    stages: dict[str, str] = Field(default_factory=dict, description="queue name -> stage of the journey")
    metrics: dict[str, str] = Field(default_factory=dict, description="metric -> contact attribute that holds its value")
    retention_h: float = Field(default=24.0, gt=0, description="how long the stream keeps records")
    instance: str = ""
    queues: dict[str, str] = Field(default_factory=dict, description="queue id -> queue name, for the gauges")

    @model_validator(mode="after")
    def _complete(self) -> Config:
        if self.listen == "records" and not self.stream:
            raise ValueError("stream: found nothing, expected the name of the Kinesis stream")
        if self.listen == "gauges" and not (self.instance and self.queues):
            raise ValueError("instance, queues: found nothing, expected the instance id and at least one queue")
        return self


class AmazonConnect:
    """Every contact with its wait, answer, talk and transfer; delivered at least once, so its version is its last update."""

    name: ClassVar[str] = "amazon_connect"
    channel: ClassVar[str] = "phone"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 5, edits=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the stream (or the instance) answers to these keys."""
        stop = threading.Event()
        attempt = _gauges if config.listen == "gauges" else _shards
        return checked(lambda: aside(lambda: attempt(config), stop, 10.0), "amazon_connect")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """All records after the state, shard by shard; or one sample of the queues."""
        try:
            if config.listen == "gauges":
                values = aside(lambda: _gauges(config), stop, config.deadline_s)
                yield Batch(events=[_sample(queue, found, config, clock()) for queue, found in values.items()])
                return
            yield from _records(config, Place(state), stop, clock)
        except Stopped:
            return


class Place:
    """How far each shard was read, and when something last came."""

    def __init__(self, state: str | None) -> None:
        known = json.loads(state) if state else {}
        self.shards: dict[str, str] = known.get("shards", {})
        self.at: datetime | None = moment(known["at"]) if known.get("at") else None

    @property
    def state(self) -> str:
        """The state of the connector at this place."""
        return json.dumps({"shards": self.shards, "at": self.at.isoformat() if self.at else None})


def _records(config: Config, place: Place, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
    kinesis = aside(lambda: _client(config, "kinesis"), stop, CLIENT_S)
    oldest = clock() - timedelta(hours=config.retention_h)
    if place.at is not None and place.at < oldest:
        yield Batch(gap=Missing(STREAM, place.at, oldest, "no_history"))
    for shard in aside(lambda: _shards(config, kinesis), stop, config.deadline_s):
        iterator = None if place.shards.get(shard) == DONE else _iterator(kinesis, config, place, shard, stop)
        while iterator and not stop.is_set():
            asked = iterator
            page = aside(lambda i=asked: ask(lambda: kinesis.get_records(ShardIterator=i, Limit=PAGE)), stop, config.deadline_s)
            batch = _batch(page.get("Records", ()), config)
            _move(place, shard, page, clock())
            batch.state = place.state
            yield batch
            iterator = page.get("NextShardIterator") if page.get("MillisBehindLatest") or page.get("Records") else None


def _move(place: Place, shard: str, page: dict[str, Any], now: datetime) -> None:
    if page.get("Records"):
        place.shards[shard] = page["Records"][-1]["SequenceNumber"]
    if not page.get("NextShardIterator"):
        place.shards[shard] = DONE
    place.at = now


def _iterator(kinesis: Any, config: Config, place: Place, shard: str, stop: threading.Event) -> str | None:
    question = {"StreamName": config.stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    if place.shards.get(shard):
        question |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": place.shards[shard]}
    return aside(lambda: ask(lambda: kinesis.get_shard_iterator(**question)), stop, config.deadline_s).get("ShardIterator")


def _shards(config: Config, kinesis: Any = None) -> list[str]:
    kinesis = kinesis or _client(config, "kinesis")
    found: list[str] = []
    question: dict[str, Any] = {"StreamName": config.stream}
    while question:
        page = ask(lambda q=question: kinesis.list_shards(**q))
        found += [shard["ShardId"] for shard in page.get("Shards", ())]
        question = {"NextToken": page["NextToken"]} if page.get("NextToken") else {}
    return sorted(found)


def _batch(records: Any, config: Config) -> Batch:
    batch = Batch()
    for record in records:
        try:
            event = event_of(record["Data"], config.stages, config.metrics)
            batch.events.extend([event] if event else [])
        except BadRecord as bad:
            batch.bad.append(bad)
    return batch


def _gauges(config: Config) -> dict[str, dict[str, float]]:
    connect = _client(config, "connect")
    question = {
        "InstanceId": config.instance,
        "Filters": {"Queues": list(config.queues), "Channels": ["VOICE"]},
        "Groupings": ["QUEUE"],
        "CurrentMetrics": [{"Name": name, "Unit": "COUNT"} for name in ("CONTACTS_IN_QUEUE", "AGENTS_ONLINE")],
    }
    results = ask(lambda: connect.get_current_metric_data(**question)).get("MetricResults", ())
    return {result["Dimensions"]["Queue"]["Id"]: _values(result["Collections"]) for result in results}


def _values(collections: list[dict[str, Any]]) -> dict[str, float]:
    return {each["Metric"]["Name"]: each["Value"] for each in collections if "Value" in each}


def _sample(queue: str, values: dict[str, float], config: Config, now: datetime) -> Event:
    """A missing value is missing, not nought."""
    names = {"CONTACTS_IN_QUEUE": "queue_waiting", "AGENTS_ONLINE": "agents_online"}
    readings = [Reading(names[name], float(value)) for name, value in values.items() if name in names]
    stage = config.stages.get(config.queues.get(queue, ""))
    said = Said("phone", stage=stage, kind="measure", readings=readings)
    return Event("gauges", f"{queue}@{milliseconds(now)}", milliseconds(now), "upsert", now, said)


def _client(config: Config, service: str) -> Any:
    if config.endpoint:
        parts = urlsplit(config.endpoint)
        addresses(parts.hostname or "", parts.port or 443, config.inside_hosts)
    return client(service, config)
