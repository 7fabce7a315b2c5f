"""What was sent to a peer and what arrived in the store: the figures of the closing table."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.connectors.suite import Books

PATIENCE = float(os.environ.get("KLANTBLIK_PEER_PATIENCE", "40"))


class Reader:
    """A connector that reads into a store of its own in a thread, as the runner does: stopped, killed and started again."""

    def __init__(self, connector, config, folder) -> None:
        self.connector, self.config, self.name = connector, config, connector.name
        self.books = Books(self, folder)
        self.erased: list[str] = []
        self.heard: dict[str, tuple[tuple[int, bool], str]] = {}
        self.gaps: list = []
        self.fault: Exception | None = None
        self._stop = threading.Event()

    def clock(self) -> datetime:
        return datetime.now(UTC)

    def run_until(self, reached, drop_last: bool = False) -> None:
        """Read until `reached()`; with `drop_last` the batch that reaches it is neither stored nor acknowledged, as in a kill."""
        self.fault, self._stop = None, threading.Event()
        over = threading.Event()
        poll = self.connector.capabilities.mode == "poll"

        def work():
            try:
                while not self._stop.is_set():
                    for batch in self.connector.read(self.config, self.books.state, self._stop, self.clock):
                        if not (drop_last and batch.events):
                            self.store(batch)
                        self.erased += batch.erased
                        self.gaps += [batch.gap] if batch.gap else []
                        if reached() or (drop_last and batch.events):
                            self._stop.set()
                            break
                    if not poll:
                        break
            except Exception as fault:  # noqa: BLE001 - raised again below, in the test's thread
                self.fault = fault
            over.set()

        threading.Thread(target=work, daemon=True).start()
        done = over.wait(PATIENCE)
        self._stop.set()
        over.wait(3)
        if self.fault:
            raise self.fault
        assert done, f"{self.name}: not in {PATIENCE:.0f} s; arrived {list(self.texts().items())[:6]}, counts {self.books.counts}"

    def store(self, batch) -> None:
        """Write a batch, and keep its newest words: in the store they are masked, which is not what is tested here."""
        for event in batch.events:
            rank = (event.version, event.op == "delete")
            if event.external_id not in self.heard or rank > self.heard[event.external_id][0]:
                self.heard[event.external_id] = (rank, event.said.text if event.said else "")
        self.books.write(batch)

    def texts(self) -> dict[str, str | None]:
        """What the store holds, by identity: None when it was deleted."""
        return {id: None if deleted else self.heard[id][1] for (_, id), (deleted, _) in self.books.contents().items()}

    def stored(self) -> int:
        return self.books.counts[1]


def note(peer: str, sent: int, wanted: dict, reader: Reader, extra: str = "") -> None:
    """Put a peer's figures in the table: `wanted` is what each identity must say in the end, `sent` all operations."""
    found = reader.texts()
    lost = sum(1 for id, text in wanted.items() if found.get(id, "absent") != text)
    received, stored, duplicates, quarantined = reader.books.counts
    row = {
        "peer": peer,
        "sent": sent,
        "received": received,
        "stored": stored,
        "again": duplicates,
        "bad": quarantined,
        "lost": lost,
        "doubled": max(0, stored - sent),
        "note": extra,
    }
    path = os.environ.get("KLANTBLIK_PEER_LEDGER")
    if path:
        with Path(path).open("a") as out:
            out.write(json.dumps(row) + "\n")
    assert lost == 0, {id: (text, found.get(id, "absent")) for id, text in wanted.items() if found.get(id, "absent") != text}
    assert row["doubled"] == 0, row
    assert received == stored + duplicates + quarantined


def wait_for(condition, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "not in time"
        time.sleep(0.05)
