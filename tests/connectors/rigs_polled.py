"""Rigs of the helpdesks and call centres that are asked at intervals, and of the drop folder."""

from __future__ import annotations

import os
from datetime import datetime

from connectors.moments import moment
from tests.connectors.rigs import SECRET, HttpRig, Rig, when


class ZendeskTalkRig(HttpRig):
    """Pages of two calls; a call has no words, so each is known by its wait."""

    name, page, apart = "zendesk_talk", 3, 200
    cannot = ("remove",)

    def __init__(self, tmp_path):
        from connectors.zendesk_talk import ZendeskTalk

        self.connector, self.calls = ZendeskTalk(), {}
        super().__init__(tmp_path)

    def options(self, url):
        return {"server": url, "user": "lezer@example.org", "token": SECRET}

    def answer(self, request):
        start = int(request.query["start_time"])
        found = sorted((call for call in self.calls.values() if self._stamp(call) >= start), key=self._stamp)
        page = found[: self.page]
        return {"calls": page, "count": len(page), "next_page": f"{request.path}?start_time={start}"}

    def _stamp(self, call):
        try:
            return int(moment(call["updated_at"]).timestamp())
        except ValueError:
            return int(when(0).timestamp())

    def post(self, id, text):
        self.time += self.apart
        call = {
            "id": int(id),
            "created_at": when(self.time).isoformat(),
            "updated_at": when(self.time).isoformat(),
            "direction": "inbound",
        }
        call |= {"completion_status": "completed", "wait_time": len(text), "talk_time": 60, "hold_time": 1, "wrap_up_time": 9}
        self.calls[id] = call
        self.said[id] = ""

    edit = post

    def spoil(self):
        self.calls["bad"] = {"id": "bad", "updated_at": "gisteren"}


class GenesysRig(HttpRig):
    name = "genesys"
    cannot = ("remove",)

    def __init__(self, tmp_path):
        from connectors.genesys import Genesys

        self.connector, self.conversations = Genesys(), {}
        super().__init__(tmp_path)

    def options(self, url):
        return {"address": url, "client_id": "c", "client_secret": SECRET, "since": when(-60)}

    def answer(self, request):
        if request.path == "/oauth/token":
            return {"access_token": "t0ken", "token_type": "bearer"}
        asked = request.json()
        start, end = (datetime.fromisoformat(part) for part in asked["interval"].split("/"))
        found = [each for each in self.conversations.values() if start <= self._start(each) < end]
        page = asked["paging"]["pageNumber"]
        return {"conversations": found[(page - 1) * 100 : page * 100]}

    def _start(self, conversation):
        return datetime.fromisoformat(conversation["conversationStart"])

    def post(self, id, text):
        metrics = [
            {"name": "tAnswered", "value": 1000 * len(text)},
            {"name": "tTalkComplete", "value": 60000},
            {"name": "tHandle", "value": 70500},
        ]
        segments = [{"queueId": "q1", "segmentType": "interact"}]
        sessions = [{"mediaType": "voice", "ani": "tel:+31612345678", "metrics": metrics, "segments": segments}]
        self.conversations[id] = {
            "conversationId": id,
            "conversationStart": when(int(id)).isoformat(),
            "conversationEnd": self.tick().isoformat(),
            "originatingDirection": "inbound",
            "participants": [{"purpose": "agent", "participantName": "Amy", "sessions": sessions}],
        }
        self.said[id] = ""

    edit = post

    def spoil(self):
        self.conversations["bad"] = {"conversationId": "bad", "conversationStart": when(3).isoformat(), "participants": None}


class IntercomRig(HttpRig):
    name = "intercom"
    cannot = ("remove",)

    def __init__(self, tmp_path):
        from connectors.intercom import Intercom

        self.connector, self.talks = Intercom(), {}
        super().__init__(tmp_path)

    def options(self, url):
        return {"address": url, "token": SECRET}

    def answer(self, request):
        asked = request.json()
        found = sorted(
            (t for t in self.talks.values() if t["updated_at"] > asked["query"]["value"]), key=lambda t: t["updated_at"]
        )
        at = int(asked["pagination"].get("starting_after", 0))
        end = at + self.page
        following = {"next": {"starting_after": str(end)}} if end < len(found) else {}
        return {"conversations": found[at:end], "pages": following}

    def post(self, id, text):
        began, now = int(when(0).timestamp()), int(self.tick().timestamp())
        source = {"type": "conversation", "body": f"<p>{text}</p>", "author": {"type": "user", "id": "u1"}}
        statistics = {"first_admin_reply_at": began + 90, "count_reopens": 0, "count_assignments": 2}
        rating = {"rating": 4, "remark": ""}
        self.talks[id] = {
            "id": id,
            "created_at": began,
            "updated_at": now,
            "state": "closed",
            "source": source,
            "statistics": statistics,
            "conversation_rating": rating,
        }
        self.said[id] = text

    edit = post

    def spoil(self):
        self.talks["bad"] = {"id": "bad", "updated_at": int(self.tick().timestamp()), "source": None, "created_at": 1}


class FilesRig(Rig):
    """A drop folder; each post is a file of one row, laid there a second after the one before."""

    name, moods = "files", ("missing",)

    def __init__(self, tmp_path):
        from connectors.files.connector import Files

        self.connector = Files()
        super().__init__(tmp_path)

    def open(self):
        self.drop = self.folder / "drop"
        self.drop.mkdir()
        mapping = "text=text,happened_at=at,external_id=id,version=version,deleted=gone"
        self.config = self.connector.Config(folder=self.drop, mapping=mapping)

    def _lay(self, *row):
        stamp = self.tick().timestamp()
        path = self.drop / f"{self.time:03}.csv"
        path.write_text("id,text,at,version,gone\n" + ",".join(row) + "\n")
        os.utime(path, (stamp, stamp))

    def post(self, id, text, gone="no"):
        self._lay(id, text, when(0).isoformat(), str(self.time), gone)
        self.said[id] = None if gone == "yes" else text

    edit = post

    def remove(self, id):
        self.post(id, "", gone="yes")

    def spoil(self):
        self._lay("bad", "x", "morgen", "1", "no")

    def set_mood(self, mood):
        self.config = self.config.model_copy(update={"folder": self.folder / "elsewhere"})


POLLED = [ZendeskTalkRig, GenesysRig, IntercomRig]
