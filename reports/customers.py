"""Customers in one sentence: how many, for how many the journey broke, and how many questions were sent from pillar to post."""

from __future__ import annotations

from typing import Any

from config.language import Texts
from config.wording import share_span
from metrics.privacy import may_show

FEW = 0.01


def sentence(data: dict[str, Any], journey: str, t: Texts) -> str:
    """What `ingest.customers` kept, in words; '' before the first time, of another journey, or of fewer than five customers."""
    if data.get("journey") != journey or not may_show(int(data.get("customers", 0))):
        return ""
    parts = [t("customers.many", n=t.whole(data["customers"]), days=t.whole(data["days"]))]
    if data["broke"] and may_show(data["paths"]):
        parts.append(t("customers.broke", share=_share(data["broke"], t), n=t.whole(data["paths"])))
    if data["around"] and may_show(data["questions"]):
        parts.append(t("customers.around", share=_share(data["around"], t), n=t.whole(data["questions"])))
    return "; ".join(parts) + "."


def _share(parts: list[float], t: Texts) -> str:
    """A share with its interval; under one per cent with a decimal, so that few is not none."""
    if parts[0] < FEW:
        return f"{t.percent(parts[0], 1)} [{t.number(100 * parts[1])}–{t.number(100 * parts[2])}]"
    return share_span(t, *parts[:3])
