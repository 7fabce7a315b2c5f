import base64
import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from connectors.base import ConnectorConfig
from connectors.expiry import secret_ends


class Config(ConnectorConfig):
    server: str = ""
    token: SecretStr = SecretStr("")
    keys: tuple[SecretStr, ...] = ()


def part(said) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def jwt(**claims) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}.c2lnbmF0dXJl"


EARLY, LATE = 1_800_000_000, 1_900_000_000


def test_a_token_says_when_it_ends():
    assert secret_ends(Config(token=SecretStr(jwt(sub="a", exp=EARLY)))) == datetime.fromtimestamp(EARLY, UTC)


def test_of_several_the_first_that_ends_counts():
    config = Config(token=SecretStr(jwt(exp=LATE)), keys=(SecretStr("plain key"), SecretStr(jwt(exp=EARLY))))
    assert secret_ends(config) == datetime.fromtimestamp(EARLY, UTC)


def test_one_that_is_wrapped_in_lines_is_found():
    wrapped = f"-----BEGIN NATS USER JWT-----\n{jwt(exp=EARLY)}\n------END NATS USER JWT------"
    assert secret_ends(Config(token=SecretStr(wrapped))) == datetime.fromtimestamp(EARLY, UTC)


def test_only_secrets_are_looked_at():
    assert secret_ends(Config(server=jwt(exp=EARLY))) is None


@pytest.mark.parametrize(
    "secret",
    ["", "s3cret", jwt(sub="a"), jwt(exp="tomorrow"), jwt(exp=True) + ".x", jwt(exp=-1), jwt(exp=10**15),
     "eyJhbGciOiJub25lIn0.eyJ4.x", f"{part({})}.{part([1])}.x", "eyJ" + "a" * 5_000 + "." + "eyJ" + "b" * 5_000 + "."],
)  # fmt: skip
def test_what_says_no_end_has_none(secret):
    assert secret_ends(Config(token=SecretStr(secret))) is None
