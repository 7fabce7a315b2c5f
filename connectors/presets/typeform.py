"""Typeform: answers to a survey, as marks and words. Signed with `Typeform-Signature: sha256=` and base64 over the body.

Source: typeform.com/developers/webhooks. `metrics` maps a question (its ref or id) to a metric; an NPS question is nps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import Event, Reading, Said
from connectors.moments import milliseconds, moment
from connectors.presets.signing import header, signed, unbase64
from connectors.record import number, parse, plain

if TYPE_CHECKING:
    from connectors.webhook import Config

STREAM = "responses"
WORDS = ("text", "email", "url", "date", "phone_number")


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The delivery's `event_id`; AuthFault when the signature is not right. Typeform signs no time: its ids tell a replay."""
    signed(body, config.secrets, [unbase64(header(headers, "typeform-signature").removeprefix("sha256="))])
    return plain(parse(body)["event_id"])


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """One event per response; its token is its identity."""
    response = payload["form_response"]
    at = moment(response["submitted_at"])
    kinds = {field["id"]: field.get("type") for field in (response.get("definition") or {}).get("fields", ())}
    answers = response.get("answers") or ()
    hidden = response.get("hidden") or {}
    said = Said(
        config.channel or "survey",
        "\n".join(plain(each["text"]) for each in answers if each.get("type") == "text"),
        author=plain(hidden.get("customer")) or None,
        case=plain(hidden.get("case")) or None,
        stage=config.stages.get(response["form_id"]) or hidden.get("stage"),
        readings=[reading for each in answers if (reading := _reading(each, kinds, config)) is not None],
        provenance=config.provenance,
    )
    return [Event(STREAM, plain(response["token"]), milliseconds(at), "upsert", at, said)]


def _reading(answer: Any, kinds: Mapping[str, Any], config: Config) -> Reading | None:
    field = answer["field"]
    metric = config.metrics.get(field.get("ref", "")) or config.metrics.get(field["id"])
    if metric is None and kinds.get(field["id"]) == "nps":
        metric = "nps"
    if metric is None or answer["type"] in WORDS:
        return None
    value = answer.get(answer["type"])
    return Reading(metric, number(value.get("label") if isinstance(value, dict) else value, metric))
