"""HTTP of connectors against a peer in every mood: it ends in time, in our own faults, and holds no more than its cap."""

import threading
import tracemalloc
from datetime import UTC, datetime

import pytest

from connectors.aside import Stopped
from connectors.base import AuthFault, ConfigFault, RateLimited, Transient
from connectors.hosts import NetConfig
from connectors.web import Web
from tests.connectors.loopback import Loopback

pytestmark = pytest.mark.faults

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
AWAY = ("500", "502", "503", "504", "hang", "hang-body", "drip", "reset", "cut-json", "short", "bomb", "huge", "deep", "nan")


@pytest.fixture
def peer():
    with Loopback(lambda request: [{"id": 1}]) as peer:
        yield peer


def web(stop=None, deadline=0.4, inside=("127.0.0.1",)):
    return Web(NetConfig(inside_hosts=inside, deadline_s=deadline), stop or threading.Event(), lambda: NOW)


def test_a_whole_answer(peer):
    with web() as w:
        assert w.get(peer.url + "/x", {"a": "b c"}).json() == [{"id": 1}]
    assert peer.requests[0].query == {"a": "b c"}


@pytest.mark.parametrize("mood", AWAY)
def test_what_is_away_is_transient_within_the_deadline(peer, mood):
    peer.mood = mood
    tracemalloc.start()
    with web(deadline=3 if mood in ("bomb", "huge", "deep") else 0.4) as w, pytest.raises(Transient):
        w.get(peer.url).json()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


@pytest.mark.parametrize(
    "mood, until",
    [
        ("429", datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC)),
        ("429-date", datetime(2031, 1, 1, tzinfo=UTC)),
        ("429-absurd", datetime(2026, 3, 13, 22, 46, 40, tzinfo=UTC)),
        ("429-silent", None),
    ],
)
def test_too_many_requests_say_until_when(peer, mood, until):
    peer.mood = mood
    with web() as w, pytest.raises(RateLimited) as fault:
        w.get(peer.url)
    assert fault.value.until == until


@pytest.mark.parametrize("mood, kind", [("401", AuthFault), ("403", AuthFault), ("404", ConfigFault), ("redirect", ConfigFault)])
def test_what_a_person_must_mend(peer, mood, kind):
    peer.mood = mood
    with web() as w, pytest.raises(kind):
        w.get(peer.url)


def test_stop_ends_a_waiting_request(peer):
    peer.mood, stop = "hang", threading.Event()
    timer = threading.Timer(0.1, stop.set)
    timer.start()
    with web(stop, deadline=15) as w, pytest.raises(Stopped):
        w.get(peer.url)


def test_a_stream_that_falls_silent_is_transient():
    def silent(request):
        yield b"one\r\ntwo\n"
        threading.Event().wait(5)

    with Loopback(silent) as peer, web(deadline=5) as w, w.stream(peer.url, idle_s=0.3) as lines:
        assert [next(lines), next(lines)] == [b"one", b"two"]
        with pytest.raises(Transient):
            next(lines)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "169.254.169.254", "10.0.0.8", "[::ffff:127.0.0.1]"]
)
def test_inside_addresses_are_refused_unless_listed(host):
    with web(inside=()) as w, pytest.raises(ConfigFault, match="inside"):
        w.get(f"https://{host}/latest/meta-data")


def test_plain_http_goes_to_listed_hosts_only():
    with web(inside=()) as w, pytest.raises(ConfigFault, match="https"):
        w.get("http://example.org/")


def test_a_name_that_resolves_inside_is_refused_at_connect(monkeypatch):
    monkeypatch.setattr("connectors.hosts.socket.getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with web(inside=()) as w, pytest.raises(ConfigFault, match=r"rebound\.example"):
        w.get("https://rebound.example/")


def test_an_unknown_host_is_transient(monkeypatch):
    def missing(*a, **k):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("connectors.hosts.socket.getaddrinfo", missing)
    with web() as w, pytest.raises(Transient, match="spelling"):
        w.get("https://nowhere.example/")
