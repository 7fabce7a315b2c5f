"""Rigs of the sources that have a real server of a few megabytes: mosquitto, nats-server and Dovecot, each behind a gate.

The gate passes everything on until a test wants the peer away: then it refuses, hangs, resets, or falls silent.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from tests.connectors.rigs import SECRET, Rig, when
from tests.peers import install, servers

STREAM = "KLANT"


class Gate:
    """A port of its own that passes on to `port`; `greeting` chunks of the server still pass before it falls silent."""

    def __init__(self, port: int, greeting: int) -> None:
        self.behind, self.greeting, self.mood = port, greeting, ""
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def set_mood(self, mood: str) -> None:
        self.mood = mood
        if mood == "refused":
            self._shut(self.listener)

    def close(self) -> None:
        self.over.set()
        for each in (self.listener, *self.open):
            self._shut(each)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(client)
            if self.mood == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                client.close()
            elif self.mood != "hang":
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.behind))
        except OSError:
            self._shut(client)
            return
        self.open.append(server)
        threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
        allowed = self.greeting if self.mood == "half-open" else None
        threading.Thread(target=self._pass, args=(server, client, allowed), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, allowed: int | None) -> None:
        """Bytes from one side to the other; after `allowed` pieces they are swallowed."""
        try:
            while data := source.recv(65536):
                silent = allowed == 0
                allowed = allowed - 1 if allowed else allowed
                if not silent:
                    target.sendall(self.first(data) if allowed is not None else data)
        except OSError:
            pass
        self._shut(target)

    def first(self, data: bytes) -> bytes:
        """What of a greeting's piece still passes; a broker may send its first messages in the same piece."""
        return data

    @staticmethod
    def _shut(each: socket.socket) -> None:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


class MqttGate(Gate):
    def first(self, data: bytes) -> bytes:
        return data[: 2 + data[1]]


class ServerRig(Rig):
    """A rig on a real server; `quick` are the module's times and page sizes, made small for the tests."""

    endless, silence = True, 1
    moods = ("refused", "hang", "reset", "401", "half-open")
    gate_of, greeting, program = Gate, 1, ""
    quick: ClassVar[dict[str, float]] = {}

    def open(self) -> None:
        install.present(self.program)
        self.place, self.port = Path(tempfile.mkdtemp(prefix="kb")), servers.free_port()
        self.server = getattr(servers, self.program)(self.place, self.port)
        self.server.__enter__()
        self.gate = self.gate_of(self.port, self.greeting)
        self.kept = {name: getattr(self.module, name) for name in self.quick}
        self._set(self.quick)
        self.config = self.connector.Config(inside_hosts=("127.0.0.1",), deadline_s=1.0, **self.options())
        self.prepare()

    def close(self) -> None:
        self._set(self.kept)
        self.gate.close()
        self.server.__exit__(None, None, None)
        shutil.rmtree(self.place, ignore_errors=True)

    def prepare(self) -> None:
        """What stands at the server before the first message."""

    def options(self) -> dict:
        raise NotImplementedError

    def set_mood(self, mood):
        if mood == "401":
            self.gate.set_mood("")
            self.gate = self.gate_of(self.port, self.greeting)
            self.config = self.elsewhere(**{self.secret: SecretStr("wrong-password")})
        else:
            if self.gate.listener.fileno() < 0:
                self.gate = self.gate_of(self.port, self.greeting)
            self.config = self.elsewhere(**{self.secret: SecretStr(SECRET)})
            self.gate.set_mood(mood)

    def elsewhere(self, **changed):
        return self.config.model_copy(update={"port": self.gate.port, **changed})

    def _set(self, values):
        for name, value in values.items():
            setattr(self.module, name, value)


class BrokerRig(ServerRig):
    """JSON records by a broker, which forgets what was acknowledged: to hear it again, `rewind`."""

    def __init__(self, tmp_path) -> None:
        self.sent: list[bytes] = []
        super().__init__(tmp_path)

    def publish(self, *records: bytes) -> None:
        raise NotImplementedError

    def _send(self, id, text, op="upsert"):
        stamp = self.tick().isoformat()
        record = {"id": id, "at": when(0).isoformat(), "version": stamp, "op": op, "text": text}
        self.sent.append(json.dumps(record).encode())
        self.publish(self.sent[-1])
        self.said[id] = None if op == "delete" else text

    post = edit = _send

    def remove(self, id):
        self._send(id, "", op="delete")

    def spoil(self):
        self.publish(b'{"id": "bad", "at": "morg')


class MqttRig(BrokerRig):
    name, program, gate_of, secret = "mqtt", "mosquitto", MqttGate, "password"
    quick: ClassVar = {"GATHER": 2, "KEEPALIVE_S": 1}

    def __init__(self, tmp_path) -> None:
        import connectors.mqtt as module

        self.module, self.connector = module, module.Mqtt()
        super().__init__(tmp_path)

    def options(self):
        return {
            "host": "127.0.0.1",
            "port": self.gate.port,
            "tls": False,
            "user": "reader",
            "password": SECRET,
            "topics": ("k/#",),
        }

    def prepare(self):
        """The session must stand before the first message, or the broker has nobody to keep it for."""
        for _ in self.connector.read(self.config, None, stop := threading.Event(), self.clock):
            stop.set()

    def publish(self, *records):
        import paho.mqtt.client as paho
        from paho.mqtt.enums import CallbackAPIVersion

        client = paho.Client(CallbackAPIVersion.VERSION2, "publisher")
        client.username_pw_set("reader", SECRET)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        for each in records:
            client.publish("k/events", each, qos=1).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    def rewind(self):
        self.publish(*self.sent)


class NatsRig(BrokerRig):
    name, program, secret, greeting = "nats", "nats", "token", 2
    quick: ClassVar = {"GATHER": 2, "PING_S": 1}
    cannot: tuple[str, ...] = ()

    def __init__(self, tmp_path) -> None:
        import connectors.nats as module

        self.module, self.connector, self.readers = module, module.Nats(), 0
        super().__init__(tmp_path)

    def options(self):
        return {"server": self._url(self.gate.port), "stream": STREAM, "subject": "klant.>", "token": SECRET}

    def elsewhere(self, **changed):
        return self.config.model_copy(update={"server": self._url(self.gate.port), **changed})

    def prepare(self):
        self.publish()

    def publish(self, *records):
        async def send():
            import nats

            connection = await nats.connect(self._url(self.port), token=SECRET)
            stream = connection.jetstream()
            await stream.add_stream(name=STREAM, subjects=["klant.>"])
            for each in records:
                await stream.publish("klant.events", each)
            await connection.close()

        asyncio.run(send())

    def rewind(self):
        """Another consumer hears the stream from its beginning."""
        self.readers += 1
        self.config = self.config.model_copy(update={"durable": f"again-{self.readers}"})

    @staticmethod
    def _url(port: int) -> str:
        return f"nats://127.0.0.1:{port}"


class ImapRig(ServerRig):
    """A mailbox; a mail is never changed, and taking it out of the folder is tidying."""

    name, program, secret = "imap", "dovecot", "password"
    cannot = ("edit", "remove")
    quick: ClassVar = {"PAGE": 2, "HEARTBEAT": 0.3}

    def __init__(self, tmp_path) -> None:
        import connectors.imap as module

        self.module, self.connector = module, module.Imap()
        super().__init__(tmp_path)

    def options(self):
        return {"host": "127.0.0.1", "port": self.gate.port, "tls": False, "user": "klacht", "password": SECRET}

    def append(self, *lines: str) -> None:
        from imapclient import IMAPClient

        with IMAPClient("127.0.0.1", self.port, ssl=False) as box:
            box.login("klacht", SECRET)
            box.append("INBOX", "\r\n".join(lines).encode())

    def post(self, id, text):
        stamp = f"Date: {when(int(id)):%a, %d %b %Y %H:%M:%S} +0000"
        self.append(f"Message-ID: <{id}@example.org>", "From: klant@example.org", stamp, "", text)
        self.said[f"<{id}@example.org>"] = text

    def spoil(self):
        self.append("Subject: niemand schreef dit", "", "x")


BROKERS = [ImapRig, MqttRig, NatsRig]
