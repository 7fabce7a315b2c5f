"""How a source is doing, in words that the sources page shows in both languages: a text key with its values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from config.language import Texts
from connectors.base import AuthFault, ConfigFault, ConnectorError, RateLimited
from connectors.metering import Spent
from store.engine import instant

LIVE, WAITING, STOPPED = "live", "waiting", "stopped"
SIGN_IN, EXPIRED, CONFIG, UNREACHABLE, DONE = "sign_in", "expired", "config", "unreachable", "done"


@dataclass(frozen=True, slots=True)
class Status:
    """A source's state (source_state.status) and why, as `ingest.KEY` of config/languages with its values."""

    state: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Whether what it says now may be called live."""
        return self.state == LIVE

    def detail(self) -> str:
        """The key and its values as JSON, the shape of source_state.detail."""
        return json.dumps({"key": f"ingest.{self.key}", "values": self.values}, ensure_ascii=False)


def after(fault: ConnectorError | None, seconds: float) -> Status:
    """The state of a source that waits (or stopped for good) after a fault; the message of a fault never holds a secret."""
    why = str(fault or "")[:300]
    if isinstance(fault, AuthFault):
        return Status(SIGN_IN, "sign_in", {"why": why})
    if isinstance(fault, ConfigFault):
        return Status(CONFIG, "config", {"why": why})
    if isinstance(fault, Spent):
        until = f"{fault.until:%Y-%m-%d %H:%M} UTC" if fault.until else ""
        return Status(WAITING, f"spent_{fault.limit}", {"used": f"{fault.used:g}", "most": f"{fault.most:g}", "until": until})
    if isinstance(fault, RateLimited):
        return Status(WAITING, "rate_limited", {"seconds": round(seconds), "why": why})
    if fault is None:
        return Status(WAITING, "ended", {"seconds": round(seconds)})
    return Status(UNREACHABLE, "unreachable", {"seconds": round(seconds), "why": why})


def refused(fault: AuthFault, ended_ms: int, now_ms: int) -> Status:
    """The state of a source that lets us in no more: its secret ended (`ended_ms`, UTC epoch ms, 0 is: not known), or another."""
    if 0 < ended_ms <= now_ms:
        return Status(EXPIRED, "expired", {"date": f"{instant(ended_ms):%Y-%m-%d}", "why": str(fault)[:300]})
    return after(fault, 0)


def words(detail: str, texts: Texts) -> str:
    """A stored detail as a sentence in one language; '' when there is none."""
    try:
        found = json.loads(detail)
        return texts(found["key"], **found["values"])
    except (ValueError, KeyError, TypeError):
        return ""
