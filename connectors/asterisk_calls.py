"""From lines of Asterisk's queue_log to calls: who waited how long, who was answered, who hung up, who was sent on.

A line is `epoch|callid|queue|agent|EVENT|data...`, in whole seconds, with the lines of many calls interleaved. The agent's name
is never taken out of its line. Source: docs.asterisk.org, "Queue Logs", and a log recorded from a real Asterisk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.base import BadRecord, Event, Reading, Said
from connectors.record import number, plain

STREAM, OTHER = "calls", "queue_log"
DONE = {"COMPLETEAGENT": 0.0, "COMPLETECALLER": 0.0, "BLINDTRANSFER": 1.0, "ATTENDEDTRANSFER": 1.0, "TRANSFER": 1.0}
LEFT = ("EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "WITHDRAW")
_MEMBERS = ("ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "PAUSEREASON", "PENALTY", "HOLD", "UNHOLD")
_AGENTS = ("AGENTLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "AGENTDUMP", "RINGNOANSWER", "RINGCANCELED")
STAFF = frozenset((*_MEMBERS, *_AGENTS, "CONFIGRELOAD", "SYSCOMPAT", "DID", "DIRECTCALL"))
ENTER, CONNECT, END = 0, 1, 2


@dataclass(slots=True)
class Line:
    """One line, split; `data` is what follows the event's name."""

    epoch: int
    call: str
    queue: str
    event: str
    data: list[str]

    @classmethod
    def read(cls, raw: bytes) -> Line:
        """The line's parts; BadRecord when it has fewer than five, or no whole seconds in front."""
        parts = raw.decode("utf-8", "replace").rstrip("\r\n").split("|")
        if len(parts) < 5 or not parts[0].isdigit() or not parts[4]:
            raise BadRecord(raw, "not `epoch|callid|queue|agent|EVENT|data`", OTHER)
        return cls(int(parts[0]), plain(parts[1], 200), plain(parts[2], 200), parts[4], parts[5:])


@dataclass(slots=True)
class Calls:
    """The calls that are open now, by call and queue: when they entered, who called, and how long they held when answered.

    `stages` maps a queue to a stage, `custom` an event of one's own dialplan to the metric that its first datum measures.
    """

    stages: Mapping[str, str] = field(default_factory=dict)
    custom: Mapping[str, str] = field(default_factory=dict)
    open: dict[str, list] = field(default_factory=dict)

    def take(self, raw: bytes) -> list[Event]:
        """The events of one line, often none; BadRecord when it cannot be read."""
        line = Line.read(raw)
        if line.event == "QUEUESTART":
            return self._restarted(line)
        if line.event in STAFF:
            return []
        handle = self._handler(line.event)
        try:
            return handle(line)
        except (ValueError, IndexError) as fault:
            raise BadRecord(raw, f"{line.event}: {fault}", STREAM) from None

    def _handler(self, event: str) -> Callable[[Line], list[Event]]:
        if event in DONE:
            return self._done
        if event in LEFT:
            return self._left
        return {"ENTERQUEUE": self._enter, "CONNECT": self._connect, "ABANDON": self._abandon}.get(event, self._other)

    def _enter(self, line: Line) -> list[Event]:
        caller = plain(line.data[1], 200) if len(line.data) > 1 else ""
        self.open[_key(line)] = [line.epoch, caller, None]
        return []

    def _connect(self, line: Line) -> list[Event]:
        hold = number(line.data[0], "hold time")
        entry = self.open.setdefault(_key(line), [line.epoch - int(hold), "", hold])
        entry[2] = hold
        return [self._call(line, CONNECT, entry, [Reading("wait", hold), Reading("abandoned", 0.0)])]

    def _done(self, line: Line) -> list[Event]:
        """A talk that ended; a transfer ends it too, and no COMPLETE follows. The last three data are hold, talk, position."""
        hold, talk = number(line.data[-3], "hold time"), number(line.data[-2], "talk time")
        entry = self.open.pop(_key(line), [line.epoch - int(hold + talk), "", hold])
        readings = [
            Reading("wait", hold),
            Reading("abandoned", 0.0),
            Reading("talk_time", talk),
            Reading("transferred", DONE[line.event]),
        ]
        return [self._call(line, END, entry, readings)]

    def _abandon(self, line: Line) -> list[Event]:
        waited = number(line.data[2], "wait time")
        entry = self.open.pop(_key(line), [line.epoch - int(waited), "", None])
        return [self._call(line, END, entry, [Reading("abandoned", 1.0)], ("wait",))]

    def _left(self, line: Line) -> list[Event]:
        """Out of the queue without an answer and without hanging up: no abandonment, though the manager interface counts one."""
        entry = self.open.pop(_key(line), [line.epoch, "", None])
        by_choice = line.event == "EXITWITHKEY"
        return [self._call(line, END, entry, [], () if by_choice else ("wait",))]

    def _restarted(self, line: Line) -> list[Event]:
        """Asterisk started anew: what was open ended somehow. Who was answered stays answered, of the others nothing is known."""
        found = []
        for key, entry in self.open.items():
            call, queue = key.split("|")
            readings = [] if entry[2] is None else [Reading("wait", entry[2]), Reading("abandoned", 0.0)]
            found.append(self._call(Line(line.epoch, call, queue, line.event, []), END, entry, readings))
        self.open.clear()
        return found

    def _other(self, line: Line) -> list[Event]:
        """An event of one's own dialplan: kept, as a measure of its call, with a value where `custom` names its metric."""
        identity = "|".join((str(line.epoch), line.call, line.queue, line.event, *line.data))
        metric = self.custom.get(line.event)
        readings = [Reading(metric, number(line.data[0], line.event))] if metric else []
        said = Said("phone", case=line.call, stage=self.stages.get(line.queue), kind="measure", readings=readings)
        id = hashlib.sha256(identity.encode()).hexdigest()[:32]
        return [Event(OTHER, id, line.epoch, "upsert", datetime.fromtimestamp(line.epoch, UTC), said)]

    def _call(self, line: Line, rank: int, entry: list, readings: list[Reading], unanswered: tuple[str, ...] = ()) -> Event:
        """A call's state after this line. Its identity and version come from the log itself, so reading again changes nothing."""
        entered, caller, _ = entry
        stage = self.stages.get(line.queue)
        said = Said("phone", author=caller or None, case=line.call, stage=stage, readings=readings, unanswered=unanswered)
        at = datetime.fromtimestamp(entered, UTC)
        return Event(STREAM, f"{line.call}/{line.queue}/{entered}", line.epoch * 4 + rank, "upsert", at, said)


def _key(line: Line) -> str:
    return f"{line.call}|{line.queue}"
