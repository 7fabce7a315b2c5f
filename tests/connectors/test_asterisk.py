"""Asterisk: the recorded logs, rotation, truncation, restarts, transfers, and lines that nobody foresaw."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.asterisk import Asterisk, Config
from connectors.asterisk_calls import Calls
from connectors.asterisk_manager import Manager
from connectors.base import AuthFault, BadRecord, ConfigFault
from connectors.hints import ScopeFault
from tests.connectors.suite import fold

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "asterisk"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(path, state=None, most=50, **more):
    """All batches until the log says nothing more."""
    found, stop = [], threading.Event()
    for batch in Asterisk().read(Config(path=path, **more), state, stop, lambda: NOW):
        found.append(batch)
        if (not batch.events and not batch.bad and not batch.gap) or len(found) > most:
            break
    return [event for batch in found for event in batch.events], found


def values(event):
    return {reading.metric: reading.value for reading in event.said.readings}


def take(*lines, **more):
    calls, found = Calls(**more), []
    for line in lines:
        found += calls.take(line.encode())
    return found, calls


@pytest.mark.shared
@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded logs beside the project (../shared/data/asterisk) are absent")
def test_the_log_of_a_real_asterisk():
    events, _ = read(RECORDED / "sample_queue_log_run2.txt")
    calls = [values(event) | {"open": event.said.unanswered} for event in fold_events(events)]
    assert len(calls) == 12
    assert sum(call.get("abandoned") == 1.0 for call in calls) == 5, "ABANDON lines of the log; the manager counts 7"
    assert sum("abandoned" not in call for call in calls) == 2, "EXITWITHTIMEOUT is no abandonment"
    assert sum(call.get("transferred") == 1.0 for call in calls) == 1
    assert sorted(call["wait"] for call in calls if "wait" in call) == [0, 0, 0, 0, 4]
    assert not any("amy" in repr(event) or "bob" in repr(event) or "cal" in repr(event.said.readings) for event in events)


def fold_events(events):
    newest = {}
    for event in events:
        known = newest.get(event.external_id)
        newest[event.external_id] = event if known is None or event.version > known.version else known
    return list(newest.values())


def test_a_call_says_its_wait_when_answered_and_all_when_ended():
    found, calls = take(
        "100|c1|service|NONE|ENTERQUEUE||0612345678|1",
        "130|c1|service|amy|CONNECT|30|x.1|3",
        "190|c1|service|amy|COMPLETEAGENT|30|60|1",
        stages={"service": "service"},
    )
    assert [values(event) for event in found] == [
        {"wait": 30, "abandoned": 0},
        {"wait": 30, "abandoned": 0, "talk_time": 60, "transferred": 0},
    ]
    first, last = found
    assert first.external_id == last.external_id and first.version < last.version and not calls.open
    assert (
        last.occurred_at == datetime.fromtimestamp(100, UTC) and last.said.author == "0612345678" and last.said.stage == "service"
    )


def test_transfers_are_ends_and_are_read_from_the_right():
    for data in ("BLINDTRANSFER|700|xfer|4|9|1", "ATTENDEDTRANSFER|LINK|SIP/a|b|4|9|1", "ATTENDEDTRANSFER|BRIDGE|4|9|1"):
        found, calls = take("100|c1|q|NONE|ENTERQUEUE||1|1", "104|c1|q|amy|CONNECT|4|x|1", f"113|c1|q|amy|{data}")
        assert values(found[-1]) == {"wait": 4, "abandoned": 0, "talk_time": 9, "transferred": 1} and not calls.open


def test_leaving_the_queue_is_not_hanging_up():
    for event, unanswered in (
        ("EXITWITHTIMEOUT", ("wait",)),
        ("EXITEMPTY", ("wait",)),
        ("EXITWITHKEY", ()),
        ("WITHDRAW", ("wait",)),
    ):
        found, _ = take("100|c1|q|NONE|ENTERQUEUE||1|1", f"160|c1|q|NONE|{event}|1|1|60")
        assert found[-1].said.readings == [] and found[-1].said.unanswered == unanswered


def test_one_call_may_enter_a_queue_several_times():
    found, _ = take(
        "100|c1|q|NONE|ENTERQUEUE||1|1",
        "160|c1|q|NONE|EXITWITHTIMEOUT|1|1|60",
        "200|c1|q|NONE|ENTERQUEUE||1|1",
        "205|c1|q|amy|CONNECT|5|x|1",
        "215|c1|q|amy|COMPLETECALLER|5|10|1",
    )
    assert len({event.external_id for event in found}) == 2 and {event.said.case for event in found} == {"c1"}


def test_a_restart_closes_what_was_open_without_inventing_an_end():
    found, calls = take(
        "100|c1|q|NONE|ENTERQUEUE||1|1",
        "101|c2|q|NONE|ENTERQUEUE||2|2",
        "110|c1|q|amy|CONNECT|10|x|1",
        "500|NONE|NONE|NONE|QUEUESTART|",
    )
    assert not calls.open
    assert [values(event) for event in found[1:]] == [{"wait": 10, "abandoned": 0}, {}]
    assert all(event.said.unanswered == () for event in found)


def test_an_answer_whose_entry_was_before_the_log_began():
    found, calls = take("130|c1|q|amy|CONNECT|30|x|1", "140|c1|q|amy|COMPLETEAGENT|30|10|1")
    assert found[0].external_id == found[1].external_id == "c1/q/100" and not calls.open


def test_events_of_ones_own_dialplan_are_kept_and_may_be_measures():
    found, _ = take("300|c1|q|NONE|SURVEY|4", "301|c1|q|NONE|IVRMENU|keuze 2", custom={"SURVEY": "csat"})
    assert [values(event) for event in found] == [{"csat": 4}, {}]
    assert all(event.said.kind == "measure" and event.said.case == "c1" for event in found)


def test_staff_lines_say_nothing_of_customers():
    found, _ = take(
        "1|MANAGER|q|amy|ADDMEMBER|", "2|NONE|q|cal|PAUSE|lunch", "3|c1|q|cal|RINGNOANSWER|3000", "4|c1|q|cal|RINGCANCELED|99"
    )
    assert found == []


@pytest.mark.parametrize(
    "line", ["", "x|c|q|a|CONNECT|1", "12|c|q", "100|c|q|a|CONNECT|veel", "100|c|q|a|ABANDON|1", "100|c|q|a||"]
)
def test_a_line_that_cannot_be_read_is_a_bad_record(line):
    with pytest.raises(BadRecord):
        take(line)


def write(path, *numbers):
    with path.open("a") as out:
        for n in numbers:
            out.write(f"{n}|c{n}|q|NONE|ENTERQUEUE||1|1\n{n + 5}|c{n}|q|NONE|ABANDON|1|1|5\n")


def calls_of(events):
    return sorted(event.said.case for event in events)


def test_rotation_finishes_the_old_file_first(tmp_path):
    log = tmp_path / "queue_log"
    write(log, 1, 2)
    first, batches = read(log)
    write(log, 3)
    log.rename(tmp_path / "queue_log.1")
    write(log, 4)
    second, _ = read(log, batches[-1].state)
    assert calls_of(first) == ["c1", "c2"] and calls_of(second) == ["c3", "c4"]


def test_two_rotations_while_away(tmp_path):
    log = tmp_path / "queue_log"
    write(log, 1)
    _, batches = read(log)
    for n in (2, 3):
        write(log, n)
        for old in sorted(tmp_path.glob("queue_log.*"), reverse=True):
            old.rename(tmp_path / f"queue_log.{int(old.suffix[1:]) + 1}")
        log.rename(tmp_path / "queue_log.1")
        os.utime(tmp_path / "queue_log.1", (n * 100, n * 100))
    write(log, 4)
    assert calls_of(read(log, batches[-1].state)[0]) == ["c2", "c3", "c4"]


def test_copy_and_truncate(tmp_path):
    log = tmp_path / "queue_log"
    write(log, 1, 2)
    _, batches = read(log)
    write(log, 3)
    (tmp_path / "queue_log.1").write_bytes(log.read_bytes())
    log.write_text("")
    write(log, 4)
    assert calls_of(read(log, batches[-1].state)[0]) == ["c3", "c4"]


def test_a_rotated_file_that_is_gone_is_a_gap_and_never_calm(tmp_path):
    log = tmp_path / "queue_log"
    write(log, 1000)
    _, batches = read(log)
    log.unlink()
    (tmp_path / "hold").write_text("keeps the inode from coming back")
    write(log, 2000)
    events, found = read(log, batches[-1].state)
    assert found[0].gap is not None and found[0].gap.start == datetime.fromtimestamp(1005, UTC) and calls_of(events) == ["c2000"]


def test_a_half_written_line_waits(tmp_path):
    log = tmp_path / "queue_log"
    write(log, 1)
    with log.open("a") as out:
        out.write("9|c9|q|NONE|ENTERQ")
    events, batches = read(log)
    with log.open("a") as out:
        out.write("UEUE||1|1\n12|c9|q|NONE|ABANDON|1|1|3\n")
    assert calls_of(events) == ["c1"] and calls_of(read(log, batches[-1].state)[0]) == ["c9"]


def test_open_calls_survive_a_restart_of_ours(tmp_path):
    log = tmp_path / "queue_log"
    log.write_text("100|c1|q|NONE|ENTERQUEUE||0612345678|1\n")
    _, batches = read(log)
    with log.open("a") as out:
        out.write("107|c1|q|amy|CONNECT|7|x|1\n")
    (event,) = read(log, batches[-1].state)[0]
    assert event.said.author == "0612345678" and event.occurred_at == datetime.fromtimestamp(100, UTC)


def test_reading_all_again_says_the_same(tmp_path):
    log = tmp_path / "queue_log"
    write(log, *range(1, 700, 7))
    assert fold(read(log)[0]) == fold(read(log)[0]) and len(read(log)[0]) == 100


class FakeManager(threading.Thread):
    """As much of the manager interface as is asked: sign in, QueueSummary, sign off."""

    def __init__(self, login="Success", summary="Success"):
        import socket

        super().__init__(daemon=True)
        self.login, self.summary = login, summary
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        client, _ = self.listener.accept()
        with client:
            client.sendall(b"Asterisk Call Manager/7.0.3\r\n")
            self.hear(client)
            client.sendall(f"Response: {self.login}\r\nMessage: x\r\n\r\n".encode())
            if self.login == "Success" and self.hear(client):
                packets = [f"Response: {self.summary}", "Event: FullyBooted"]
                packets += [
                    "Event: QueueSummary\r\nQueue: service\r\nLoggedIn: 6\r\nAvailable: 2\r\nCallers: 3\r\nLongestHoldTime: 40"
                ]
                client.sendall("".join(f"{packet}\r\n\r\n" for packet in [*packets, "Event: QueueSummaryComplete"]).encode())
                self.hear(client)

    def hear(self, client):
        heard = b""
        while not heard.endswith(b"\r\n\r\n"):
            part = client.recv(4096)
            if not part:
                break
            heard += part
        return heard


def gauges(port):
    return Config(
        listen="gauges", host="127.0.0.1", port=port, user="kb", secret="s3cret", inside_hosts=("127.0.0.1",), deadline_s=2
    )


def test_gauges_are_samples_of_each_queue():
    peer = FakeManager()
    stop = threading.Event()
    batch = next(iter(Asterisk().read(gauges(peer.port), None, stop, lambda: NOW)))
    (event,) = batch.events
    assert values(event) == {"queue_waiting": 3, "agents_online": 6} and event.said.kind == "measure"


def test_the_manager_says_why_not():
    with pytest.raises(AuthFault):
        Manager(gauges(FakeManager(login="Error").port), threading.Event()).queues()
    with pytest.raises(ScopeFault):
        Manager(gauges(FakeManager(summary="Error").port), threading.Event()).queues()
    assert Asterisk().check(gauges(FakeManager(summary="Error").port)).code == "scope"


def test_a_log_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(ConfigFault, match=r"logger\.conf"):
        next(iter(Asterisk().read(Config(path=tmp_path / "none"), None, threading.Event(), lambda: NOW)))
