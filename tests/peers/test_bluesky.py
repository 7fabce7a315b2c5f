"""Bluesky against a real PDS: create, edit, delete, an outage with resume, a cursor from elsewhere, an account that goes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx

from connectors.bluesky import Bluesky, Config
from tests.peers.ledger import Reader, note
from tests.peers.servers import bluesky_keys, free_port


class Account:
    def __init__(self, url: str, handle: str) -> None:
        self.web = httpx.Client(base_url=f"{url}/xrpc/", timeout=20)
        session = self._post(
            "com.atproto.server.createAccount", handle=handle, email=f"{handle}@example.org", password="password-1"
        )
        self.did = session["did"]
        self.web.headers["authorization"] = f"Bearer {session['accessJwt']}"

    def _post(self, name: str, **body):
        answer = self.web.post(name, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else {}

    def _record(self, text: str) -> dict:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return {"$type": "app.bsky.feed.post", "text": text, "createdAt": now, "langs": ["nl"]}

    def post(self, text: str) -> str:
        made = self._post(
            "com.atproto.repo.createRecord", repo=self.did, collection="app.bsky.feed.post", record=self._record(text)
        )
        return made["uri"]

    def edit(self, uri: str, text: str) -> None:
        key = uri.rsplit("/", 1)[1]
        self._post(
            "com.atproto.repo.putRecord", repo=self.did, collection="app.bsky.feed.post", rkey=key, record=self._record(text)
        )

    def delete(self, uri: str) -> None:
        self._post("com.atproto.repo.deleteRecord", repo=self.did, collection="app.bsky.feed.post", rkey=uri.rsplit("/", 1)[1])

    def like(self, uri: str) -> None:
        """Something that is no post: it must pass by without being decoded."""
        record = {
            "$type": "app.bsky.feed.like",
            "createdAt": "2026-01-01T00:00:00Z",
            "subject": {"uri": uri, "cid": "bafyreib2rxk3rh6kzwq"},
        }
        self.web.post(
            "com.atproto.repo.createRecord",
            json={"repo": self.did, "collection": "app.bsky.feed.like", "record": record, "validate": False},
        )


def test_posts_edits_deletes_an_outage_and_a_lost_account(start, tmp_path):
    port, plc, keys = free_port(), free_port(), bluesky_keys()
    config = Config(service=f"ws://127.0.0.1:{port}", transport="firehose", history=True, inside_hosts=("127.0.0.1",))
    reader, wanted, sent = Reader(Bluesky(), config, tmp_path), {}, 0
    with start("bluesky", port, plc, keys) as url:
        assert Bluesky().check(config).code == "ok"
        account, other = Account(url, "klant.test"), Account(url, "weg.test")
        for n in range(40):
            wanted[account.post(f"Bericht {n}: de koffer kwam te laat")] = f"Bericht {n}: de koffer kwam te laat"
        uris = list(wanted)
        account.like(uris[0])
        for uri in uris[:5]:
            account.edit(uri, "Aangepast: de koffer is er nu")
            wanted[uri] = "Aangepast: de koffer is er nu"
        for uri in uris[5:10]:
            account.delete(uri)
            wanted[uri] = None
        sent += 50
        reader.run_until(lambda: reader.texts().items() >= wanted.items())

        for n in range(20):
            wanted[account.post(f"Bericht {n} uit de storing")] = f"Bericht {n} uit de storing"
        account.delete(uris[11])
        wanted[uris[11]] = None
        reader.run_until(lambda: False, drop_last=True)
        sent += 21
    with start("bluesky", port, plc, keys) as url:
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        ahead = json.dumps({"seq": 10**12, "at": datetime.now(UTC).isoformat()})
        replayed = []
        import threading

        stop = threading.Event()
        for batch in Bluesky().read(config, ahead, stop, lambda: datetime.now(UTC)):
            replayed += batch.events
            reader.store(type(batch)(events=batch.events))
            if len(replayed) >= sent:
                break
        assert len(replayed) == sent, "a cursor ahead of the server must lead to a replay of everything"
        gone = other.did
        removed = httpx.post(
            f"{url}/xrpc/com.atproto.admin.deleteAccount", json={"did": gone}, auth=("admin", "admin-pass"), timeout=20
        )
        assert removed.status_code == 200, removed.text
        reader.run_until(lambda: gone in reader.erased)
        note("Bluesky PDS", sent, wanted, reader, "outage with restart, cursor ahead, account deleted")
