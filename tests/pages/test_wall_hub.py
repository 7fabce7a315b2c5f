"""The fan-out: the newest frame to everyone, nothing old late, and a slow listener is dropped while the others go on."""

import asyncio
import json

from pages.wall.hub import Hub, Stream, event


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 10))


class Client:
    """The other side of an ASGI stream; `stuck` never takes what is sent after the head."""

    def __init__(self, stuck=False):
        self.stuck, self.sent, self.gone = stuck, [], asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.body":
            if self.stuck:
                await asyncio.Event().wait()
            self.sent.append(message["body"])

    @property
    def events(self):
        return [chunk.decode().split("\n") for chunk in self.sent if chunk]

    @property
    def frames(self):
        return [json.loads(lines[2][6:]) for lines in self.events if "event: frame" in lines]


async def until(condition):
    while not condition():
        await asyncio.sleep(0.005)


def listening(hub, client, had="", slow_s=10.0, wall=0, quotes=""):
    listener = hub.join(wall=wall, had=had, quotes=quotes)
    return listener, asyncio.create_task(Stream(hub, listener, slow_s)({}, client.receive, client.send))


def test_everyone_gets_the_newest_frame_and_the_heartbeat():
    async def scene():
        hub, clients = Hub(), [Client(), Client()]
        for client in clients:
            listening(hub, client)
        hub.publish({"n": 1}, "a")
        hub.pulse({"now": 5})
        await until(lambda: all(len(client.events) == 2 for client in clients))
        return [(client.frames, client.events[1]) for client in clients]

    for frames, beat in run(scene()):
        assert frames == [{"n": 1}]
        assert beat[:2] == ["event: beat", 'data: {"now":5}']


def test_a_late_listener_gets_the_present_state_at_once():
    async def scene():
        hub, client = Hub(), Client()
        hub.publish({"n": 1}, "a")
        hub.publish({"n": 2}, "b")
        listening(hub, client)
        await until(lambda: client.frames)
        return client.frames

    assert run(scene()) == [{"n": 2}]


def test_a_listener_that_comes_back_is_not_sent_what_it_has():
    async def scene():
        hub, client = Hub(), Client()
        hub.publish({"n": 1}, "a")
        listening(hub, client, had="a")
        hub.pulse({"now": 1})
        await until(lambda: client.events)
        first = list(client.frames)
        hub.publish({"n": 2}, "b")
        await until(lambda: client.frames)
        return first, client.frames

    assert run(scene()) == ([], [{"n": 2}])


def test_frames_that_were_overtaken_are_skipped():
    async def scene():
        hub, client = Hub(), Client()
        listening(hub, client)
        for n in range(100):
            hub.publish({"n": n}, str(n))
        await until(lambda: client.frames)
        return client.frames

    assert run(scene()) == [{"n": 99}]


def test_a_slow_listener_is_dropped_and_the_others_wait_for_nothing():
    async def scene():
        hub, slow, quick = Hub(), Client(stuck=True), Client()
        _, stuck = listening(hub, slow, slow_s=0.05)
        listening(hub, quick)
        hub.publish({"n": 1}, "a")
        await until(lambda: quick.frames)
        await stuck
        hub.publish({"n": 2}, "b")
        await until(lambda: len(quick.frames) == 2)
        return hub.dropped, len(hub.listeners), quick.frames

    assert run(scene()) == (1, 1, [{"n": 1}, {"n": 2}])


def test_a_listener_that_left_is_forgotten():
    async def scene():
        hub, client = Hub(), Client()
        _, task = listening(hub, client)
        client.gone.set()
        await task
        return len(hub.listeners)

    assert run(scene()) == 0


def test_an_event_for_one_screen_reaches_it_alone_and_may_end_it():
    async def scene():
        hub, mine, other = Hub(), Client(), Client()
        _, task = listening(hub, mine, wall=4)
        listening(hub, other, wall=5)
        hub.tell(4, event("bye", {"why": "revoked"}), close=True)
        await task
        return mine.events, other.events

    mine, other = run(scene())
    assert mine[0][:2] == ["event: bye", 'data: {"why":"revoked"}'] and other == []


def test_closing_ends_every_stream_now_and_later():
    async def scene():
        hub, client, late = Hub(), Client(), Client()
        _, task = listening(hub, client)
        hub.close()
        await task
        _, after = listening(hub, late)
        await after
        return len(hub.listeners)

    assert run(scene()) == 0


def test_an_event_is_one_line_of_data_whatever_is_in_it():
    lines = event("frame", {"text": "a\nb\r\n\ndata: x"}, "7").decode().split("\n")
    assert lines[:2] == ["id: 7", "event: frame"]
    assert json.loads(lines[2].removeprefix("data: ")) == {"text": "a\nb\r\n\ndata: x"}
    assert lines[3:] == ["", ""]


def test_a_screen_with_its_own_rule_for_quotes_never_gets_the_others_words():
    async def scene():
        hub, clients = Hub(), [Client(), Client(), Client()]
        for wall, (quotes, client) in enumerate(zip(("", "off", "unheard-of"), clients, strict=True), 1):
            listening(hub, client, wall=wall, quotes=quotes)
        hub.publish({"n": 1, "voices": ["said"]}, "a", {"off": {"voices": []}})
        await until(lambda: all(client.frames for client in clients))
        first = [client.frames[-1] for client in clients]
        hub.quote(1, "off")
        hub.quote(2, "")
        await until(lambda: all(len(client.frames) == 2 for client in clients[:2]))
        await asyncio.sleep(0.02)
        return first, [client.frames[-1] for client in clients], [len(client.frames) for client in clients], clients[0].events

    first, then, counts, events = run(scene())
    assert first == [{"n": 1, "voices": ["said"]}, {"n": 1, "voices": []}, {"n": 1, "voices": ["said"]}]
    assert then == [{"n": 1, "voices": []}, {"n": 1, "voices": ["said"]}, {"n": 1, "voices": ["said"]}]
    assert counts == [2, 2, 1]
    assert [lines[0] for lines in events] == ["id: a", "id: a-off"]


def test_a_screen_that_comes_back_under_another_rule_gets_the_frame_again():
    async def scene(had):
        hub, client = Hub(), Client()
        hub.publish({"voices": ["said"]}, "a", {"off": {"voices": []}})
        listening(hub, client, had, wall=1, quotes="off")
        hub.pulse({"now": 5})
        await until(lambda: client.events)
        await asyncio.sleep(0.02)
        return client.frames

    assert run(scene("a")) == [{"voices": []}]
    assert run(scene("a-off")) == []
