"""For each connector a rig: its peer on loopback, filled, broken and healed by the tests, behind one small set of verbs.

A rig writes the same history everywhere: `post` a contact, `edit` its words, `remove` it, `spoil` the peer with one record that
cannot be read. `said` is what must be known in the end: identity -> words, None when it was removed. A rig that cannot do a verb
says so in `cannot`, and the suite prints a dash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.base import Batch
from connectors.moments import milliseconds
from tests.connectors.loopback import Loopback, Request

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "s3cret-reader"
HTTP = ("429", "500", "503", "401", "hang", "drip", "reset", "cut-json")


def when(n: int) -> datetime:
    return START + timedelta(seconds=n)


class Rig:
    """What the suite asks of every rig."""

    name = ""
    moods: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    endless = False
    silence = 2
    page = 2

    def __init__(self, tmp_path) -> None:
        self.folder, self.said, self.time = tmp_path, {}, 0
        self.open()

    def open(self) -> None: ...
    def close(self) -> None: ...
    def post(self, id: str, text: str) -> None: ...
    def edit(self, id: str, text: str) -> None: ...
    def remove(self, id: str) -> None: ...
    def spoil(self) -> None: ...
    def set_mood(self, mood: str) -> None: ...

    def rewind(self) -> None:
        """Have the source tell everything again, where it forgets what was acknowledged."""

    def tick(self) -> datetime:
        self.time += 1
        return when(self.time)

    def clock(self) -> datetime:
        return when(3600)

    def read(self, state: str | None, stop: threading.Event) -> Iterator[Batch]:
        return self.connector.read(self.config, state, stop, self.clock)


class HttpRig(Rig):
    moods = HTTP

    def open(self) -> None:
        self.peer = Loopback(self.answer).__enter__()
        self.config = self.connector.Config(inside_hosts=("127.0.0.1",), deadline_s=1.0, **self.options(self.peer.url))

    def close(self) -> None:
        self.peer.__exit__()

    def set_mood(self, mood: str) -> None:
        self.peer.mood = mood

    def answer(self, request: Request):
        raise NotImplementedError

    def options(self, url: str) -> dict:
        raise NotImplementedError


class MastodonRig(HttpRig):
    """Statuses on a hashtag's timeline; edits and deletes only reach those who listen."""

    name, endless = "mastodon", True

    def __init__(self, tmp_path) -> None:
        from connectors.mastodon import Mastodon

        self.connector, self.log, self.statuses = Mastodon(), [], []
        super().__init__(tmp_path)

    def options(self, url):
        return {"server": url, "tag": "noordvlucht", "token": SECRET, "idle_s": 1}

    def answer(self, request):
        if "/streaming/" in request.path:
            return 200, {"content-type": "text/event-stream"}, self._stream()
        if request.path.endswith("/statuses"):
            return [status for status in self.statuses if status["id"] in request.lists.get("id[]", ())]
        page = [status for status in self.statuses if int(status["id"]) > int(request.query.get("min_id", 0))]
        return page[: int(request.query.get("limit", 20))][::-1]

    def _stream(self):
        yield b":)\n"
        at = 0
        while not self.peer.over.wait(0.02):
            yield b"".join(f"event: {name}\ndata: {data}\n\n".encode() for name, data in self.log[at:]) or b":thump\n"
            at = len(self.log)

    def _status(self, id, text, edited=None):
        return {
            "id": id,
            "created_at": when(0).isoformat(),
            "edited_at": edited,
            "content": f"<p>{text}</p>",
            "language": "nl",
            "url": f"https://example.org/{id}",
            "account": {"id": "77"},
            "in_reply_to_id": None,
        }

    def post(self, id, text):
        self.statuses.append(self._status(id, text))
        self.log.append(("update", json.dumps(self.statuses[-1])))
        self.said[id] = text

    def edit(self, id, text):
        self.log.append(("status.update", json.dumps(self._status(id, text, self.tick().isoformat()))))
        self.said[id] = text

    def remove(self, id):
        self.log.append(("delete", id))
        self.said[id] = None

    def spoil(self):
        self.log.append(("update", '{"id": "9", "content": '))


class FeedRig(HttpRig):
    name = "feed"
    cannot = ("remove",)
    moods = (*HTTP[:-1], "short")

    def __init__(self, tmp_path) -> None:
        from connectors.feed import Feed

        self.connector, self.entries = Feed(), {}
        super().__init__(tmp_path)

    def options(self, url):
        return {"url": url + "/feed.xml"}

    def answer(self, request):
        body = "".join(self.entries.values())
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss"><title>x</title>{body}</feed>'
        etag = f'"{hashlib.sha256(feed.encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return 304, {}, None
        return 200, {"content-type": "application/atom+xml", "etag": etag}, feed.encode()

    def _entry(self, id, text):
        stamp = self.tick().isoformat()
        self.entries[id] = (
            f"<entry><id>{id}</id><title>{text}</title><published>{when(0).isoformat()}</published>"
            f"<updated>{stamp}</updated><im:rating>4</im:rating></entry>"
        )
        self.said[id] = text

    post = edit = _entry

    def spoil(self):
        self.entries["bad"] = "<entry><id>bad</id><title>x</title><updated>31 februari</updated></entry>"


class MatrixRig(HttpRig):
    name, endless = "matrix", True

    def __init__(self, tmp_path) -> None:
        from connectors.matrix import Matrix

        self.connector, self.events = Matrix(), []
        super().__init__(tmp_path)

    def options(self, url):
        return {"server": url, "token": SECRET, "poll_s": 0.2}

    def answer(self, request):
        if request.path.endswith("/sync"):
            return self._sync(int(request.query.get("since", "s0")[1:]))
        if request.path.endswith("/messages"):
            return self._history(int(request.query["from"][1:]), int(request.query.get("to", "s0")[1:]))
        if "/event/" in request.path:
            id = request.path.rsplit("/", 1)[1].replace("%24", "$")
            return next(event for event in self.events if event.get("event_id") == id)
        return {"user_id": "@us:here"}

    def _sync(self, since):
        """A timeline of at most three events; what lies before must be asked for."""
        new = self.events[since:]
        if not new:
            time.sleep(0.05)
        limited = len(new) > 3
        timeline = {"events": new[-3:], "limited": limited, "prev_batch": f"s{len(self.events) - 3}"}
        return {"next_batch": f"s{len(self.events)}", "rooms": {"join": {"!room:here": {"timeline": timeline}}}}

    def _history(self, start, until):
        chunk = self.events[max(until, start - self.page) : start][::-1]
        return {"chunk": chunk, "end": f"s{max(until, start - self.page)}" if start - self.page > until else None}

    def _add(self, kind, **more):
        stamp = milliseconds(self.tick())
        self.events.append(
            {"type": kind, "event_id": f"$e{len(self.events)}", "sender": "@c:here", "origin_server_ts": stamp, **more}
        )

    def post(self, id, text):
        self._add("m.room.message", content={"msgtype": "m.text", "body": text})
        self.events[-1]["event_id"] = f"${id}"
        self.said[f"${id}"] = text

    def edit(self, id, text):
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": f"${id}"}
        self._add(
            "m.room.message", content={"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        )
        self.said[f"${id}"] = text

    def remove(self, id):
        self._add("m.room.redaction", redacts=f"${id}")
        self.said[f"${id}"] = None

    def spoil(self):
        self.events.append({"type": "m.room.message", "sender": "@c:here", "origin_server_ts": "morgen", "content": {}})


class XRig(HttpRig):
    """A stub of X: the recent search, the filtered stream with its rules, and look-ups."""

    name, endless, silence = "x", True, 0
    cannot = ("remove",)
    moods = tuple(mood for mood in HTTP if mood not in ("drip", "hang"))

    def __init__(self, tmp_path) -> None:
        from connectors.x import X

        self.connector, self.posts, self.lines, self.connects = X(), [], [], []
        super().__init__(tmp_path)

    def options(self, url):
        return {"token": SECRET, "rules": ("noordvlucht",), "api": url, "idle_s": 1.5}

    def answer(self, request):
        if request.path.endswith("/search/recent"):
            new = [post for post in self.posts if int(post["id"]) > int(request.query.get("since_id", 0))]
            return {"data": new[::-1], "meta": {"result_count": len(new)}}
        if request.path.endswith("/stream/rules"):
            return {"data": [], "meta": {}}
        if request.path.endswith("/stream"):
            self.connects.append(time.monotonic())
            return 200, {}, self._stream()
        ids = request.query["ids"].split(",")
        return {"data": [post for post in self.posts if post["id"] in ids]}

    def _stream(self):
        at = len(self.lines)
        yield b"\r\n"
        while not self.peer.over.wait(0.02):
            yield b"".join(line + b"\r\n" for line in self.lines[at:]) or b"\r\n"
            at = len(self.lines)

    def _post(self, id, text, history):
        from connectors.x_posts import _EPOCH_MS

        number = ((milliseconds(when(-60)) - _EPOCH_MS) << 22) + int(id)
        post = {"id": str(number), "text": text, "lang": "nl", "author_id": "5", "conversation_id": "1"}
        post["edit_history_tweet_ids"] = [*history, post["id"]]
        post["created_at"] = when(0).isoformat()
        self.posts.append(post)
        self.lines.append(json.dumps({"data": post, "matching_rules": [{"tag": "noordvlucht", "id": "1"}]}).encode())
        self.said[post["edit_history_tweet_ids"][0]] = text

    def post(self, id, text):
        self._post(id, text, [])

    def edit(self, id, text):
        first = next(post for post in self.posts if int(post["id"]) & 0xFFFF == int(id) & 0xFFFF)
        self._post(str(int(id) + 5000), text, [first["id"]])

    def spoil(self):
        self.posts.append({"id": "99999", "text": None})
        self.lines.append(b'{"data": {"id": "99999", "te')


class AsteriskRig(Rig):
    """A queue_log that is written to; each post is a call, whose words are the seconds that it waited."""

    name, endless, silence = "asterisk", True, 0
    cannot = ("edit", "remove")

    def __init__(self, tmp_path) -> None:
        from connectors.asterisk import Asterisk

        self.connector = Asterisk()
        super().__init__(tmp_path)

    def open(self):
        self.log = self.folder / "queue_log"
        self.log.write_text("")
        self.config = self.connector.Config(path=self.log, secret=SECRET)

    def write(self, *lines):
        with self.log.open("a") as out:
            out.writelines(line + "\n" for line in lines)

    def post(self, id, text):
        epoch = int(self.tick().timestamp()) + 60 * int(id)
        self.write(
            f"{epoch}|c{id}|billing|NONE|ENTERQUEUE||0612345678|1",
            f"{epoch + 4}|c{id}|billing|amy|CONNECT|4|x.{id}|0",
            f"{epoch + 9}|c{id}|billing|amy|COMPLETEAGENT|4|5|1",
        )
        self.said[f"c{id}/billing/{epoch}"] = ""

    def spoil(self):
        self.write("niet|eens|een|regel")

    def set_mood(self, mood):
        if mood == "missing":
            self.log.unlink()

    moods = ("missing",)


class BlueskyRig(Rig):
    """Jetstream over a real WebSocket on loopback."""

    name, endless, silence = "bluesky", True, 0
    moods = ("503", "401", "429", "half-open", "refused")

    def __init__(self, tmp_path) -> None:
        from connectors.bluesky import Bluesky

        self.connector, self.lines, self.mood = Bluesky(), [], ""
        super().__init__(tmp_path)

    def open(self):
        from websockets.sync.server import serve

        self.server = serve(self._serve, "127.0.0.1", 0, process_request=self._greet, ping_interval=None)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.over = threading.Event()
        port = self.server.socket.getsockname()[1]
        self.config = self.connector.Config(
            service=f"ws://127.0.0.1:{port}",
            history=True,
            inside_hosts=("127.0.0.1",),
            deadline_s=1.0,
            idle_s=1.0,
            retention_h=1e6,
        )

    def close(self):
        self.over.set()
        self.server.shutdown()

    def set_mood(self, mood):
        self.mood = mood
        if mood == "refused":
            self.close()

    def _greet(self, connection, request):
        return connection.respond(int(self.mood), "no\n") if self.mood.isdigit() else None

    def _serve(self, socket):
        from urllib.parse import parse_qs, urlsplit

        from websockets.exceptions import ConnectionClosed

        if self.mood == "half-open":
            return self._fall_silent(socket)
        cursor = int(parse_qs(urlsplit(socket.request.path).query).get("cursor", ["0"])[0])
        at = 0
        try:
            while not self.over.wait(0.01):
                for seq, line in self.lines[at:]:
                    if seq > cursor:
                        socket.send(line)
                at = len(self.lines)
        except ConnectionClosed:
            return None

    def _fall_silent(self, socket):
        """Answer no ping any more, as behind a router that forgot the connection."""
        socket.protocol.receive_data = lambda data: None
        self.over.wait(10)

    def _add(self, operation, id, text=None):
        self.time += 1
        us = milliseconds(when(self.time)) * 1000
        commit = {"rev": tid(us), "operation": operation, "collection": "app.bsky.feed.post", "rkey": id}
        if text is not None:
            commit["record"] = {"text": text, "createdAt": when(0).isoformat(), "langs": ["nl"]}
        self.lines.append((us, json.dumps({"did": "did:plc:abc", "time_us": us, "kind": "commit", "commit": commit})))
        self.said[f"at://did:plc:abc/app.bsky.feed.post/{id}"] = text

    def post(self, id, text):
        self._add("create", id, text)

    def edit(self, id, text):
        self._add("update", id, text)

    def remove(self, id):
        self._add("delete", id)

    def spoil(self):
        self.lines.append((milliseconds(when(self.time)) * 1000 + 1, '{"did": "did:plc:abc", "kind": "com'))


def tid(us: int) -> str:
    alphabet, number, found = "234567abcdefghijklmnopqrstuvwxyz", us << 10, ""
    for _ in range(13):
        found, number = alphabet[number & 31] + found, number >> 5
    return found


class AmazonRig(HttpRig):
    """Kinesis as far as the connector asks it: two shards; each post is a contact, edited by a later record."""

    name = "amazon_connect"
    cannot = ("remove",)
    moods = ("400", "500", "429", "403", "reset")

    def __init__(self, tmp_path) -> None:
        from connectors.amazon_connect import AmazonConnect

        self.connector, self.shards = AmazonConnect(), {"shard-0": [], "shard-1": []}
        super().__init__(tmp_path)

    def options(self, url):
        return {"stream": "contacts", "endpoint": url, "key_id": "AKIATEST", "secret_key": SECRET}

    def answer(self, request):
        asked, action = request.json(), request.headers["x-amz-target"].rpartition(".")[2]
        if action == "ListShards":
            return self._amz({"Shards": [{"ShardId": id} for id in self.shards]})
        if action == "GetShardIterator":
            after = asked.get("StartingSequenceNumber")
            return self._amz({"ShardIterator": f"{asked['ShardId']}|{int(after) + 1 if after else 0}"})
        shard, _, at = asked["ShardIterator"].partition("|")
        found = self.shards[shard][int(at) : int(at) + self.page]
        records = [
            {"SequenceNumber": str(int(at) + n), "Data": base64.b64encode(raw).decode(), "PartitionKey": "k"}
            for n, raw in enumerate(found)
        ]
        left = len(self.shards[shard]) - int(at) - len(found)
        return self._amz(
            {"Records": records, "NextShardIterator": f"{shard}|{int(at) + len(found)}", "MillisBehindLatest": 1000 * left}
        )

    def _amz(self, body):
        return 200, {"content-type": "application/x-amz-json-1.1"}, json.dumps(body).encode()

    def post(self, id, text):
        at = when(60 * int(id))
        record = {
            "ContactId": f"c{id}",
            "Channel": "VOICE",
            "InitiationMethod": "INBOUND",
            "InitiationTimestamp": at.isoformat(),
            "LastUpdateTimestamp": self.tick().isoformat(),
            "Unknown": {"new": "field"},
            "CustomerEndpoint": {"Address": "+31612345678"},
            "Queue": {"Name": "billing", "EnqueueTimestamp": at.isoformat(), "Duration": 4},
            "Agent": {"ConnectedToAgentTimestamp": at.isoformat(), "AgentInteractionDuration": len(text), "Username": "amy"},
        }
        self.shards[f"shard-{int(id) % 2}"].append(json.dumps(record).encode())
        self.said[f"c{id}"] = ""

    edit = post

    def spoil(self):
        self.shards["shard-0"].append(b'{"ContactId": "bad", "Channel": "VOICE", "Initia')


class SqlRig(Rig):
    name = "sql"
    moods = ("missing",)

    def __init__(self, tmp_path) -> None:
        from connectors.sql import Sql

        self.connector = Sql()
        super().__init__(tmp_path)

    def open(self):
        import sqlite3

        self.path = self.folder / "crm.db"
        self.database = sqlite3.connect(self.path)
        self.database.execute("create table contacts (id text, created_at text, updated_at timestamp, deleted int, text text)")
        self.config = self.connector.Config(url=f"sqlite:///{self.path}", table="contacts")

    def close(self):
        self.database.close()

    def _write(self, id, text, deleted=0, created=None):
        self.database.execute("delete from contacts where id = ?", (id,))
        stamp = f"{self.tick():%Y-%m-%d %H:%M:%S.%f}"
        row = (id, (created or when(0).isoformat()), stamp, deleted, text)
        self.database.execute("insert into contacts values (?, ?, ?, ?, ?)", row)
        self.database.commit()
        self.said[id] = None if deleted else text

    post = edit = _write

    def remove(self, id):
        self._write(id, "", deleted=1)

    def spoil(self):
        self._write("bad", "x", created="morgen")
        del self.said["bad"]

    def set_mood(self, mood):
        self.database.execute("alter table contacts rename to elsewhere")
        self.database.commit()


class WebhookRig(Rig):
    """Deliveries in the order of the inbox; the state is the row. Each is signed as Standard Webhooks says."""

    name = "webhook"
    moods = ("forged",)

    def __init__(self, tmp_path) -> None:
        from connectors.webhook import Webhook

        self.connector, self.inbox = Webhook(), []
        super().__init__(tmp_path)

    def open(self):
        self.config = self.connector.Config(secrets=(SECRET,))

    def deliver(self, body: bytes):
        id, stamp = f"d{len(self.inbox)}", str(int(self.clock().timestamp()))
        digest = hmac.new(SECRET.encode(), f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        headers = {"Webhook-Id": id, "Webhook-Timestamp": stamp, "Webhook-Signature": "v1," + base64.b64encode(digest).decode()}
        self.inbox.append((headers, body))

    def _send(self, id, text, op="upsert"):
        stamp = self.tick().isoformat()
        self.deliver(json.dumps({"id": id, "at": when(0).isoformat(), "version": stamp, "op": op, "text": text}).encode())
        self.said[id] = None if op == "delete" else text

    post = edit = _send

    def remove(self, id):
        self._send(id, "", op="delete")

    def spoil(self):
        self.deliver(b'{"id": "bad", "at": "morgen"}')

    def set_mood(self, mood):
        self.inbox = [({**headers, "Webhook-Signature": "v1,AAAA"}, body) for headers, body in self.inbox]

    def read(self, state, stop):
        from connectors.base import BadRecord

        for row in range(int(state or 0), len(self.inbox)):
            headers, body = self.inbox[row]
            batch = Batch(state=str(row + 1))
            try:
                batch.events = self.connector.accept(self.config, headers, body, self.clock())
            except BadRecord as bad:
                batch.bad = [bad]
            yield batch
            if stop.is_set():
                return


RIGS = [XRig, BlueskyRig, MastodonRig, AsteriskRig, AmazonRig, WebhookRig, MatrixRig, SqlRig, FeedRig]
