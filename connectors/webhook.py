"""One signed inbox for every vendor that calls us: the presets know how each signs and what it says."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event
from connectors.hints import hint
from connectors.hosts import NetConfig
from connectors.presets import PRESETS
from connectors.presets.signing import key_bytes
from connectors.record import Fields, parse


class Config(NetConfig):
    """`secrets` are the signing keys in use: several while one is being replaced.

    `path_secret` is for a Chatwoot that does not sign: its webhook's address is then /hooks/NAME/SECRET. With `account` and
    `api_token` what it could not deliver is fetched afterwards.
    `stages` maps the vendor's own place (inbox, group, form, phone number, channel) to a stage; `metrics` a question to a metric.
    """

    preset: Literal["generic", "chatwoot", "zendesk", "whatsapp", "typeform", "slack"] = "generic"
    secrets: tuple[SecretStr, ...] = ()
    path_secret: SecretStr = SecretStr("")
    api: str = Field(default="https://app.chatwoot.com", description="Chatwoot: where its API answers")
    account: int = Field(default=0, ge=0, description="Chatwoot: the number in the address of your account")
    api_token: SecretStr = Field(default=SecretStr(""), description="Chatwoot: access token of an agent bot or administrator")
    verify_token: SecretStr = Field(default=SecretStr(""), description="WhatsApp: the word that proves this address is yours")
    channel: str = Field(default="", description="channel where the vendor does not say it")
    stages: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, str] = Field(default_factory=dict, description="question or field -> metric")
    fields: Fields = Field(default=Fields(), description="generic: where each thing stands in the record")
    staff: tuple[str, ...] = Field(default=(), description="Slack: ids of the members who answer for the company")
    provenance: Literal["customer", "employee"] = "customer"

    @field_validator("secrets", mode="before")
    @classmethod
    def _listed(cls, secrets: object) -> object:
        """The environment holds several keys as one text, with spaces between them."""
        return secrets.split() if isinstance(secrets, str) else secrets

    @field_validator("secrets")
    @classmethod
    def _long(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for secret in secrets:
            if len(key_bytes(secret)) < 8:
                raise ValueError("secrets: found one of fewer than 8 bytes, expected the signing key of the source")
        return secrets

    @model_validator(mode="after")
    def _authentic(self) -> Config:
        secret = self.path_secret.get_secret_value()
        if not self.secrets and not (self.preset == "chatwoot" and secret):
            raise ValueError("secrets: found none, expected the signing key of the source (or path_secret, for chatwoot)")
        if secret and (len(secret) < 16 or not secret.isalnum()):
            raise ValueError("path_secret: expected at least 16 letters and digits")
        if self.api_token.get_secret_value() and not self.account:
            raise ValueError("account: found 0, expected the number of the Chatwoot account that api_token belongs to")
        return self


class Webhook:
    """A Receiver: every delivery is authenticated before it is stored, and read after it was stored."""

    name: ClassVar[str] = "webhook"
    channel: ClassVar[str] = "chat"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("push", 3600, edits=True, deletes=True)

    def check(self, config: Config) -> CheckResult:
        """Whether a delivery can be authenticated; a push source cannot be asked whether it is there."""
        return hint(self.name, "ok")

    def authenticate(self, config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The delivery's id; AuthFault when the preset's signature or timestamp is not right, BadRecord when it holds no id."""
        with _known_shape(config, body):
            return _module(config).authenticate(config, headers, body, now)

    def events(self, config: Config, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """What an authenticated delivery says; an unknown kind of delivery says nothing, BadRecord when it cannot be read."""
        with _known_shape(config, body):
            return _module(config).events(config, parse(body), body)

    def accept(self, config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Event]:
        """The events of a delivery, signature first."""
        self.authenticate(config, headers, body, now)
        return self.events(config, headers, body)

    def catches_up(self, config: Config) -> bool:
        """Whether what was never delivered can be asked for."""
        return bool(config.api_token.get_secret_value()) and hasattr(_module(config), "missed")

    def missed(self, config: Config, since: datetime, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What happened since then, asked for instead of delivered; the same events as the deliveries would have given."""
        yield from _module(config).missed(config, since, stop, clock)

    def handshake(self, config: Config, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> str | None:
        """The answer to a vendor that asks whether this address is ours."""
        answer = getattr(_module(config), "handshake", None)
        return answer(config, query, body) if answer else None


@contextmanager
def _known_shape(config: Config, body: bytes) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        raise BadRecord(body, f"{config.preset}: the payload is not of the known shape ({fault!r})") from None


def _module(config: Config) -> ModuleType:
    return import_module(PRESETS[config.preset])
