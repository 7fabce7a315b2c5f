"""MQTT against a real mosquitto: the session holds what was missed, and gives again what was not acknowledged."""

from __future__ import annotations

import json

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from connectors.mqtt import Config, Mqtt
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


def publish(port: int, *records: dict) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, "publisher")
    client.username_pw_set("reader", "s3cret-reader")
    client.connect("127.0.0.1", port)
    client.loop_start()
    for each in records:
        client.publish("klant/events", json.dumps(each) if isinstance(each, dict) else each, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def said(n: int, text: str, version: int = 1, **more) -> dict:
    return {"id": f"m{n}", "at": "2026-03-02T09:00:00+01:00", "version": version, "text": text, **more}


def test_a_session_survives_an_outage_and_a_kill(start, tmp_path):
    port = free_port()
    config = Config(
        host="127.0.0.1",
        port=port,
        tls=False,
        user="reader",
        password="s3cret-reader",
        topics=("klant/#",),
        inside_hosts=("127.0.0.1",),
    )
    reader, wanted = Reader(Mqtt(), config, tmp_path), {}
    with start("mosquitto", port):
        assert Mqtt().check(config).code == "ok"
        assert Mqtt().check(Config(**{**config.model_dump(), "password": "wrong-password"})).code == "sign_in"
        reader.run_until(lambda: True)
        publish(port, *(said(n, f"Bericht {n}") for n in range(20)), b"geen json")
        wanted = {f"m{n}": f"Bericht {n}" for n in range(20)}
        reader.run_until(lambda: False, drop_last=True)
        assert not reader.texts(), "what was not stored must not be acknowledged"
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        publish(port, *(said(n, f"Bericht {n} uit de storing") for n in range(20, 40)))
        publish(port, said(2, "Dit is nu anders", 2), said(3, "", 2, op="delete"))
        wanted |= {f"m{n}": f"Bericht {n} uit de storing" for n in range(20, 40)} | {"m2": "Dit is nu anders", "m3": None}
    with start("mosquitto", port):
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        note("mosquitto", 42, wanted, reader, "kill before acknowledging, broker restarted, 20 of 20 after an outage")
