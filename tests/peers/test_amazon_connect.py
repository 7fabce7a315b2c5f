"""Amazon Connect's records from Kinesis, against moto: two shards, records delivered twice, resume after the last one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import boto3

from connectors.amazon_connect import AmazonConnect, Config
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


def record(n: int, update: int = 0) -> bytes:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=n)
    return json.dumps(
        {
            "ContactId": f"contact-{n}",
            "Channel": "VOICE",
            "InitiationMethod": "INBOUND",
            "InitiationTimestamp": at.isoformat(),
            "LastUpdateTimestamp": (at + timedelta(minutes=5 + update)).isoformat(),
            "Queue": {"Name": "service", "EnqueueTimestamp": at.isoformat(), "Duration": 20},
            "Agent": {"ConnectedToAgentTimestamp": at.isoformat(), "AgentInteractionDuration": 60 + update},
        }
    ).encode()


def test_shards_duplicates_and_resume(start, tmp_path):
    with start("moto", free_port()) as url:
        keys = {"region_name": "eu-central-1", "aws_access_key_id": "AKIATEST", "aws_secret_access_key": "s3cret-key"}
        kinesis = boto3.client("kinesis", endpoint_url=url, **keys)
        kinesis.create_stream(StreamName="contacts", ShardCount=2)
        config = Config(stream="contacts", endpoint=url, key_id="AKIATEST", secret_key="s3cret-key", inside_hosts=("127.0.0.1",))
        reader, wanted, sent = Reader(AmazonConnect(), config, tmp_path), {}, 0

        def put(n, update=0):
            nonlocal sent
            sent += 1
            kinesis.put_record(StreamName="contacts", PartitionKey=str(n), Data=record(n, update))
            wanted[f"contact-{n}"] = ""

        assert AmazonConnect().check(config).code == "ok"
        for n in range(30):
            put(n)
        put(3)
        put(4, update=2)
        reader.run_until(lambda: reader.texts().items() >= wanted.items() and reader.books.counts[0] >= sent)
        first = reader.books.counts[0]
        reader.run_until(lambda: True)
        assert reader.books.counts[0] == first, "nothing new, so nothing again"
        for n in range(30, 37):
            put(n)
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        assert AmazonConnect().check(Config(**{**config.model_dump(), "stream": "elsewhere"})).code == "config"
        note("Kinesis (moto)", sent, wanted, reader, "2 shards, one record twice, one updated, 7 after resume")
