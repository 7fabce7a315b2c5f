"""Signatures of webhooks: HMAC-SHA256 over what the vendor says, compared in constant time against every key that is in use."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import SecretStr

from connectors.base import AuthFault
from connectors.moments import moment

TOLERANCE_S = 300
PATH_SECRET = "x-klantblik-path-secret"  # set by our own door from the address, never by a sender


def header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name, in any case; AuthFault when it is missing or empty."""
    wanted = name.casefold()
    for key, value in headers.items():
        if key.casefold() == wanted and value.strip():
            return value.strip()
    raise AuthFault(f"{name}: found no such header, expected the signature of the source")


def in_path(headers: Mapping[str, str], secret: SecretStr) -> None:
    """AuthFault unless the address that was called ends in this secret: for vendors that sign nothing."""
    offered, ours = header(headers, PATH_SECRET), secret.get_secret_value()
    if not ours or not hmac.compare_digest(offered.encode(), ours.encode()):
        raise AuthFault("path: it does not end in the secret of this source. Compare the address at the source with path_secret.")


def fresh(stamp: str, now: datetime) -> None:
    """AuthFault when a signed stamp (epoch seconds or ISO 8601) lies more than five minutes from `now`, either way."""
    try:
        away = abs((moment(stamp) - now).total_seconds())
    except ValueError:
        raise AuthFault("timestamp: found no time, expected epoch seconds") from None
    if away > TOLERANCE_S:
        raise AuthFault(f"timestamp: found one {away:.0f} s away, expected at most {TOLERANCE_S}. Check both clocks.")


def signed(message: bytes, keys: Iterable[SecretStr], offered: Iterable[bytes]) -> None:
    """AuthFault unless one of the `offered` digests is that of `message` under one of the keys; every pair is compared."""
    given = list(offered)
    good = False
    for key in keys:
        wanted = hmac.new(key_bytes(key), message, hashlib.sha256).digest()
        for each in given:
            good |= hmac.compare_digest(wanted, each)
    if not good:
        raise AuthFault("signature: it does not belong to this body. Compare the secret here with the one at the source.")


def key_bytes(key: SecretStr) -> bytes:
    """The key itself; one written as `whsec_...` is base64, as Standard Webhooks has it."""
    text = key.get_secret_value()
    if text.startswith("whsec_"):
        return unbase64(text.removeprefix("whsec_"))
    return text.encode()


def unhex(text: str) -> bytes:
    """Bytes from hexadecimal; empty when it is none, which no digest equals."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def unbase64(text: str) -> bytes:
    """Bytes from base64; empty when it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
