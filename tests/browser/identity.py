"""A company's identity provider for the tests: real OpenID Connect over HTTP, with a registered client and made-up people."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oidc_provider_mock import User, run_server_in_thread

# Who works here, and what the provider says of them; `roles` is the claim that Klantblik reads.
PEOPLE = {
    "vera": {"email": "vera@example.nl", "roles": ["viewer"]},
    "mo": {"email": "mo@example.nl", "roles": ["manager"]},
    "marit": {"email": "marit@example.nl", "roles": ["marketing"]},
    "nora": {"email": "nora@example.nl"},
    "bas": {"email": "bas@example.nl", "roles": ["boss"]},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider and the client that was registered there for one address."""

    issuer: str
    client_id: str
    client_secret: str


@contextmanager
def identity_provider(address: str) -> Iterator[Provider]:
    """A provider on loopback that knows PEOPLE and one client: Klantblik at `address`, with a secret of its own."""
    people = [User(sub=name, claims={**claims, "name": name.title()}) for name, claims in PEOPLE.items()]
    with run_server_in_thread(require_client_registration=True, require_nonce=True, user_claims=people) as server:
        issuer = f"http://localhost:{server.server_port}"
        body = json.dumps({"redirect_uris": [f"{address}/oauth2callback"]}).encode()
        request = urllib.request.Request(f"{issuer}/oauth2/clients", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            client = json.load(answer)
        yield Provider(issuer, client["client_id"], client["client_secret"])
