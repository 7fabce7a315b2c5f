"""Matrix against a real Synapse: edits, redactions, and a gap so long that the timeline comes cut short."""

from __future__ import annotations

import httpx

from connectors.matrix import Config, Matrix
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


class Account:
    def __init__(self, url: str, user: str) -> None:
        self.web = httpx.Client(base_url=f"{url}/_matrix/client/v3/", timeout=30)
        identity = {"type": "m.id.user", "user": user}
        self.token = self._send("POST", "login", type="m.login.password", identifier=identity, password=f"pw-{user}")[
            "access_token"
        ]
        self.web.headers["authorization"] = f"Bearer {self.token}"
        self.sent = 0

    def _send(self, method: str, path: str, **body):
        answer = self.web.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def room(self, invite: str) -> str:
        return self._send("POST", "createRoom", preset="private_chat", invite=[invite], name="Klantenservice")["room_id"]

    def join(self, room: str) -> None:
        self._send("POST", f"rooms/{room}/join")

    def post(self, room: str, text: str, **more) -> str:
        self.sent += 1
        return self._send("PUT", f"rooms/{room}/send/m.room.message/t{self.sent}", msgtype="m.text", body=text, **more)[
            "event_id"
        ]

    def edit(self, room: str, event: str, text: str) -> None:
        new = {"msgtype": "m.text", "body": text}
        self.post(room, f"* {text}", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": event}})

    def redact(self, room: str, event: str) -> None:
        self.sent += 1
        self._send("PUT", f"rooms/{room}/redact/{event}/t{self.sent}", reason="verzoek")


def test_messages_edits_redactions_and_a_long_gap(start, tmp_path):
    port = free_port()
    with start("synapse", port) as url:
        agent, customer = Account(url, "agent"), Account(url, "customer")
        room = agent.room("@customer:localhost")
        customer.join(room)
        config = Config(server=url, token=agent.token, staff=("@agent:localhost",), inside_hosts=("127.0.0.1",), poll_s=0.5)
        assert Matrix().check(config).code == "ok"
        reader, wanted = Reader(Matrix(), config, tmp_path), {}
        for n in range(25):
            wanted[customer.post(room, f"Vraag {n} over mijn bestelling")] = f"Vraag {n} over mijn bestelling"
        agent.post(room, "Antwoord van een medewerker")
        events = list(wanted)
        for event in events[:3]:
            customer.edit(room, event, "Verbeterd: waar blijft het pakket?")
            wanted[event] = "Verbeterd: waar blijft het pakket?"
        for event in events[3:6]:
            customer.redact(room, event)
            wanted[event] = None
        agent.edit(room, events[10], "Woorden die de klant nooit schreef")
        reader.run_until(lambda: reader.texts().items() >= wanted.items() and reader.books.state)
        sent = 31

        for n in range(250):
            wanted[customer.post(room, f"In het gat {n}")] = f"In het gat {n}"
        customer.edit(room, events[8], "Verbeterd in het gat")
        wanted[events[8]] = "Verbeterd in het gat"
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        sent += 251
        bad = Config(**{**config.model_dump(), "token": "no-such-token"})
        assert Matrix().check(bad).code == "sign_in"
        note("Matrix Synapse", sent, wanted, reader, "gap of 250 fills a cut timeline; a forged edit is refused")
