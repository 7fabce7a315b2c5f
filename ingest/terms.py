"""What holds for any source, whatever its connector: its budget, when its secret ends, how often what is stored is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import Field, field_validator

from connectors.base import Capabilities, ConnectorConfig
from connectors.metering import Budget


class Terms(ConnectorConfig):
    """Options that a table of sources.toml may hold beside those of its connector.

    `secret_expires` is a day, or a moment; `verify_days` how far back stored posts are looked up again (0: all of them).
    """

    budget: Budget = Budget()
    secret_expires: datetime | None = None
    verify_every_h: float = Field(default=0.0, ge=0, description="0: as the connector has it")
    verify_days: int = Field(default=0, ge=0)

    @field_validator("secret_expires", mode="before")
    @classmethod
    def _whole_day(cls, value: Any) -> Any:
        """A day alone means its end: the secret works until then."""
        if isinstance(value, str) and len(value.strip()) == 10:
            value = date.fromisoformat(value.strip())
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(23, 59, 59), UTC)
        return value

    @field_validator("secret_expires")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)

    def within(self, able: Capabilities) -> Terms:
        """These terms, with what the connector proposes where nothing was set."""
        proposed = {"items_per_month": able.items_per_month} if able.items_per_month else {}
        budget = Budget(**{**proposed, **self.budget.model_dump(exclude_unset=True)})
        return self.model_copy(update={"budget": budget, "verify_every_h": self.verify_every_h or able.verify_every_h})


def parted(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options that are terms, and those of the connector."""
    terms = {name: value for name, value in options.items() if name in Terms.model_fields}
    return terms, {name: value for name, value in options.items() if name not in terms}
