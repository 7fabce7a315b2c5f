"""Amazon's clients, with short time-outs, no retries of their own, and faults of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from connectors.base import AuthFault, ConfigFault, ConnectorError, RateLimited, Transient
from connectors.hints import ScopeFault
from connectors.metering import called

if TYPE_CHECKING:
    from connectors.amazon_connect import Config

SIGN_IN = ("UnrecognizedClient", "InvalidClientTokenId", "InvalidSignature", "ExpiredToken", "IncompleteSignature")
SCOPE = ("AccessDenied", "NotAuthorized")
BUSY = ("ProvisionedThroughputExceeded", "LimitExceeded", "Throttling", "TooManyRequests")
WRONG = ("ResourceNotFound", "Validation", "InvalidArgument", "InvalidRequest", "InvalidParameter")


def client(service: str, config: Config) -> Any:
    """A boto3 client of `service`; ConfigFault when region or keys cannot make one."""
    import boto3.session
    from botocore.config import Config as Limits
    from botocore.exceptions import BotoCoreError

    limits = Limits(connect_timeout=5, read_timeout=config.deadline_s, retries={"total_max_attempts": 1})
    keys: dict[str, Any] = {"aws_access_key_id": config.key_id, "aws_secret_access_key": config.secret_key}
    given = {name: key.get_secret_value() for name, key in keys.items() if key.get_secret_value()}
    try:
        session = boto3.session.Session(region_name=config.region, **given)
        return session.client(service, endpoint_url=config.endpoint or None, config=limits)
    except (BotoCoreError, ValueError) as fault:
        raise ConfigFault(f"region, keys: {fault.__class__.__name__}") from None


def ask(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a call gives, or one of our faults."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    called()
    try:
        return call()
    except ClientError as fault:
        raise _by_code(fault) from None
    except NoCredentialsError:
        raise AuthFault("Amazon: no keys, and this machine has no role") from None
    except (BotoCoreError, ValueError, RecursionError) as fault:
        raise Transient(f"Amazon does not answer or breaks off ({fault.__class__.__name__})") from None


def _by_code(fault: Any) -> ConnectorError:
    code = str(fault.response.get("Error", {}).get("Code", "")).removesuffix("Exception")
    status = int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in SIGN_IN or status == 401:
        return AuthFault(f"Amazon refuses the keys ({code})")
    if code in SCOPE or status == 403:
        return ScopeFault(f"Amazon lets these keys in, but not to this ({code})")
    if code in BUSY or status == 429:
        return RateLimited(f"Amazon asks for patience ({code or status})")
    if code in WRONG or status in (400, 404):
        return ConfigFault(f"Amazon does not know this stream or instance ({code or status})")
    return Transient(f"Amazon answered {status} ({code})")
