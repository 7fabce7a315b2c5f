"""When a secret ends, read from the secret itself: a JSON Web Token says so in its claim `exp` (RFC 7519, section 4.1.4)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, SecretStr

# Three parts of base64url; the first begins as the JSON object '{"' does. NATS wraps one in lines of its own.
TOKEN = re.compile(r"(?<![\w.-])eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*")


def secret_ends(config: BaseModel) -> datetime | None:
    """The first moment (UTC) at which one of the secrets of these settings ends; None when none of them says so."""
    ends = [end for secret in _secrets(config) for end in _ends(secret.get_secret_value())]
    return min(ends, default=None)


def _secrets(config: BaseModel) -> Iterator[SecretStr]:
    for name in type(config).model_fields:
        value: Any = getattr(config, name)
        yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, SecretStr))


def _ends(secret: str) -> Iterator[datetime]:
    for found in TOKEN.finditer(secret):
        claims = _claims(found.group(1))
        end = claims.get("exp")
        if isinstance(end, int | float) and not isinstance(end, bool) and 0 < end < 253_402_300_800:  # the year 10000
            yield datetime.fromtimestamp(end, UTC)


def _claims(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
