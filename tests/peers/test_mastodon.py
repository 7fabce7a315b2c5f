"""Mastodon against a compatible server from the registry: the stream, walking up after an outage, and verify.

That server names an edit `status_update` in its stream, where Mastodon says `status.update`: edits are seen by verify here.
"""

from __future__ import annotations

import threading

import httpx

from connectors.base import Batch
from connectors.mastodon import Config, Mastodon
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


def test_stream_edits_deletes_and_an_outage(start, tmp_path):
    with start("mastodon", free_port()) as url:
        web = httpx.Client(base_url=f"{url}/api/v1/", headers={"authorization": "Bearer mock_token"}, timeout=20)
        config = Config(server=url, token="mock_token", timeline="public", inside_hosts=("127.0.0.1",), idle_s=30)
        assert Mastodon().check(config).code == "ok"
        reader, wanted = Reader(Mastodon(), config, tmp_path), {}

        def post(text: str) -> str:
            id = web.post("statuses", json={"status": text, "visibility": "public"}).json()["id"]
            wanted[id] = text
            return id

        def live():
            ids = [post(f"Bericht {n} over de bezorging") for n in range(20)]
            for id in ids[4:7]:
                web.delete(f"statuses/{id}")
                wanted[id] = None

        threading.Timer(1.5, live).start()
        reader.run_until(lambda: list(wanted.values()).count(None) == 3 and reader.texts().items() >= wanted.items())
        for n in range(90):
            post(f"Bericht {n} uit de storing")
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        edited, gone = list(wanted)[:2]
        web.put(f"statuses/{edited}", json={"status": "Verbeterd bericht over de bezorging"})
        web.delete(f"statuses/{gone}")
        wanted |= {edited: "Verbeterd bericht over de bezorging", gone: None}
        reader.store(Batch(events=list(Mastodon().verify(config, list(wanted)))))
        note(
            "Mastodon (mastodon_mock)",
            115,
            wanted,
            reader,
            "90 missed posts by min_id, deletes live, verify finds edits and deletes",
        )
