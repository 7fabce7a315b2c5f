"""Sign-in at the company's own identity provider (OpenID Connect): what it needs to be asked, and what its answer allows.

Nobody gets a role by signing in alone: at a public provider the whole world can do so. A role comes from a claim, from an
address that the provider says it has verified, or from "*" in the setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import SignIn

ROLES = ("viewer", "manager", "marketing", "privacy", "admin")
SHORTEST_SECRET = 32
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person's claims allow: roles, and the values of the claim that are no role of ours."""

    roles: frozenset[str]
    unknown: tuple[str, ...]


def provider(chosen: SignIn) -> dict[str, Any]:
    """The sign-in as Streamlit takes it (`st.App(secrets=...)`); {} without an issuer.

    Raises ConfigError for a setting that is missing, an address that is not https (but on this very machine), a secret that is
    short, and a role that does not exist.
    """
    if not chosen.issuer:
        return {}
    meanings(chosen)
    for key in ("issuer", "address"):
        _refuse_open(key, getattr(chosen, key))
    for key in ("client_id", "client_secret"):
        if not getattr(chosen, key):
            raise _missing(key)
    if len(chosen.cookie_secret.reveal()) < SHORTEST_SECRET:
        todo = "Make one with: python -c 'import secrets; print(secrets.token_hex())'."
        expected = f"at least {SHORTEST_SECRET} characters"
        raise ConfigError("KLANTBLIK_SIGN_IN_COOKIE_SECRET", chosen.cookie_secret, expected, todo)
    return {
        "auth": {
            "redirect_uri": f"{chosen.address.rstrip('/')}/oauth2callback",
            "cookie_secret": chosen.cookie_secret.reveal(),
            "client_id": chosen.client_id,
            "client_secret": chosen.client_secret.reveal(),
            "server_metadata_url": f"{chosen.issuer.rstrip('/')}/.well-known/openid-configuration",
            "client_kwargs": {"scope": chosen.scope, "prompt": "select_account"},
        }
    }


def meanings(chosen: SignIn) -> dict[str, frozenset[str]]:
    """What each value, address, "@domain" or "*" of the setting `roles` stands for. Raises ConfigError for an unknown role.

    >>> from config.settings import read_settings
    >>> read = read_settings(environ={"KLANTBLIK_SIGN_IN_ROLES": "Leads=manager, Leads=marketing, *=viewer"}).sign_in
    >>> {name: sorted(roles) for name, roles in meanings(read).items()}
    {'leads': ['manager', 'marketing'], '*': ['viewer']}
    """
    found: dict[str, frozenset[str]] = {}
    for entry in chosen.roles:
        name, mark, role = (part.strip() for part in entry.rpartition("="))
        if not mark or not name or role not in ROLES:
            raise ConfigError("sign_in.roles", entry, f"VALUE=ROLE with one of {', '.join(ROLES)}", "Correct it and start again.")
        found[name.lower()] = found.get(name.lower(), frozenset()) | {role}
    return found


def granted(claims: Mapping[str, Any], chosen: SignIn) -> Granted:
    """The roles that these claims give.

    Where the setting says what the claim's values mean, only that counts: another program's "admin" must not become ours.
    Where it does not, the values are our roles' own names, and any other value is reported as unknown.
    """
    known, values = meanings(chosen), values_of(claims, chosen.claim)
    about_claim = any("@" not in name and name != "*" for name in known)
    plain = {} if about_claim else {role: frozenset({role}) for role in ROLES}
    table = known | {name: known.get(name, frozenset()) | roles for name, roles in plain.items()}
    keys = [value.lower() for value in values] + _address_keys(claims) + ["*"]
    roles = frozenset().union(*(table.get(key, frozenset()) for key in keys))
    unknown = () if about_claim else tuple(value for value in values if value.lower() not in table)
    return Granted(roles, unknown)


def values_of(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The values of a claim: a list, or a text of names between commas or spaces; a dot looks inside, unless a claim is named so.

    >>> values_of({"realm_access": {"roles": ["manager"]}}, "realm_access.roles"), values_of({"a.b": "x, y"}, "a.b")
    (['manager'], ['x', 'y'])
    """
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return found.replace(",", " ").split()
    return [str(value) for value in found] if isinstance(found, list | tuple) else []


def name_of(claims: Mapping[str, Any]) -> str:
    """What the audit calls this person: the address, else the name at the provider, else its identifier."""
    return next((str(claims[key]) for key in ("email", "preferred_username", "name", "sub") if claims.get(key)), "?")


def is_old(claims: Mapping[str, Any], chosen: SignIn, now_s: float) -> bool:
    """Whether this sign-in is longer ago than the setting `hours` allows; one that does not say when it was is old."""
    at = claims.get("iat")
    return not isinstance(at, int | float) or now_s - at > chosen.hours * 3600


def _address_keys(claims: Mapping[str, Any]) -> list[str]:
    """The keys that a person's address matches; only one that the provider calls verified, since anybody can claim another."""
    address = str(claims.get("email") or "").lower()
    if claims.get("email_verified") not in (True, "true") or "@" not in address:
        return []
    return [address, "@" + address.rpartition("@")[2]]


def _refuse_open(key: str, url: str) -> None:
    if not url:
        raise _missing(key)
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)):
        raise ConfigError(f"sign_in.{key}", url, "an https:// address", "Sign-in over an open line can be read along.")


def _missing(key: str) -> ConfigError:
    name = f"KLANTBLIK_SIGN_IN_{key.upper()}"
    return ConfigError(f"sign_in.{key}", "", "a value, since sign_in.issuer is set", f"Set {name}; see docs/sign-in.md.")
