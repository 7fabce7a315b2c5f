"""NATS against a real nats-server: what was not acknowledged comes again, also after the server restarted."""

from __future__ import annotations

import asyncio
import json

from connectors.nats import Config, Nats
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


def publish(url: str, *records) -> None:
    async def send():
        import nats

        connection = await nats.connect(url, token="s3cret-reader")
        stream = connection.jetstream()
        await stream.add_stream(name="KLANT", subjects=["klant.>"])
        for each in records:
            await stream.publish("klant.events", each if isinstance(each, bytes) else json.dumps(each).encode())
        await connection.close()

    asyncio.run(send())


def said(n: int, text: str, version: int = 1, **more) -> dict:
    return {"id": f"m{n}", "at": "2026-03-02T09:00:00+01:00", "version": version, "text": text, **more}


def test_a_durable_consumer_survives_a_kill_and_a_restart(start, tmp_path):
    port = free_port()
    with start("nats", port) as url:
        config = Config(server=url, stream="KLANT", subject="klant.>", token="s3cret-reader", inside_hosts=("127.0.0.1",))
        assert Nats().check(config).code == "config"
        publish(url, *(said(n, f"Bericht {n}") for n in range(20)), b"geen json")
        assert Nats().check(config).code == "ok"
        assert Nats().check(Config(**{**config.model_dump(), "token": "wrong-token"})).code == "sign_in"
        reader = Reader(Nats(), config, tmp_path)
        wanted: dict = {f"m{n}": f"Bericht {n}" for n in range(20)}
        reader.run_until(lambda: False, drop_last=True)
        publish(
            url,
            *(said(n, f"Bericht {n} uit de storing") for n in range(20, 40)),
            said(2, "Dit is nu anders", 2),
            said(3, "", 2, op="delete"),
        )
        wanted |= {f"m{n}": f"Bericht {n} uit de storing" for n in range(20, 40)} | {"m2": "Dit is nu anders", "m3": None}
    with start("nats", port):
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        note("nats-server", 42, wanted, reader, "kill before acknowledging, redelivered after 30 s, server restarted")
