"""From a fault to the next step, in both languages: what `check` says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from connectors.base import AuthFault, CheckResult, ConfigFault, ConnectorError

FILE = Path(__file__).with_name("hints.toml")
Code = Literal["ok", "config", "sign_in", "unreachable", "scope"]


class ScopeFault(AuthFault):
    """Signed in, but without the right that reading needs."""


def checked(attempt: Callable[[], object], connector: str) -> CheckResult:
    """ok when `attempt` returns, else the code of its fault and the connector's own hint, with the fault's words behind it."""
    try:
        attempt()
    except ConnectorError as fault:
        return hint(connector, code_of(fault), str(fault))
    return hint(connector, "ok")


def code_of(fault: ConnectorError) -> Code:
    """Which of the five answers of `check` a fault is; a source that is busy or away is unreachable."""
    if isinstance(fault, ScopeFault):
        return "scope"
    if isinstance(fault, AuthFault):
        return "sign_in"
    return "config" if isinstance(fault, ConfigFault) else "unreachable"


def hint(connector: str, code: Code, detail: str = "") -> CheckResult:
    """The result with hints.toml's words for this connector and code, or the general ones."""
    texts = _hints()
    own = texts.get(connector, {}).get(code) or texts["general"][code]
    tail = f" ({detail})" if detail else ""
    return CheckResult(code, own["nl"] + tail, own["en"] + tail)


@lru_cache(maxsize=1)
def _hints() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf8"))
