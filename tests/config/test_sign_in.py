"""Sign-in: what the provider is asked, and which roles its answer gives; nobody gets one by an address nobody checked."""

from __future__ import annotations

import pytest

from config.errors import ConfigError
from config.settings import DEFAULT_FILE, read_settings
from config.sign_in import granted, is_old, name_of, provider, values_of

COMPLETE = {
    "KLANTBLIK_SIGN_IN_ISSUER": "https://id.example.nl/realms/work/",
    "KLANTBLIK_SIGN_IN_CLIENT_ID": "klantblik",
    "KLANTBLIK_SIGN_IN_ADDRESS": "https://klantblik.example.nl",
    "KLANTBLIK_SIGN_IN_CLIENT_SECRET": "s3cret-of-the-client",
    "KLANTBLIK_SIGN_IN_COOKIE_SECRET": "c" * 32,
}


def chosen(**changed: str):
    return read_settings(environ={**COMPLETE, **{f"KLANTBLIK_SIGN_IN_{key}": value for key, value in changed.items()}}).sign_in


def test_without_an_issuer_there_is_no_sign_in():
    assert provider(read_settings(environ={}).sign_in) == {}


def test_the_provider_is_asked_as_streamlit_wants_it():
    asked = provider(chosen())["auth"]
    assert asked["redirect_uri"] == "https://klantblik.example.nl/oauth2callback"
    assert asked["server_metadata_url"] == "https://id.example.nl/realms/work/.well-known/openid-configuration"
    assert (asked["client_id"], asked["client_secret"]) == ("klantblik", "s3cret-of-the-client")
    assert asked["cookie_secret"] == "c" * 32


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"CLIENT_ID": ""}, ["sign_in.client_id", "KLANTBLIK_SIGN_IN_CLIENT_ID"]),
        ({"CLIENT_SECRET": ""}, ["sign_in.client_secret", "KLANTBLIK_SIGN_IN_CLIENT_SECRET"]),
        ({"ADDRESS": ""}, ["sign_in.address", "docs/sign-in.md"]),
        ({"ADDRESS": "http://klantblik.example.nl"}, ["sign_in.address", "http://klantblik.example.nl", "https://"]),
        ({"ISSUER": "http://10.0.0.5/realms/work"}, ["sign_in.issuer", "https://"]),
        ({"ISSUER": "id.example.nl"}, ["sign_in.issuer", "id.example.nl"]),
        ({"COOKIE_SECRET": "short"}, ["KLANTBLIK_SIGN_IN_COOKIE_SECRET", "32"]),
        ({"ROLES": "Leads=boss"}, ["sign_in.roles", "Leads=boss", "viewer, manager"]),
        ({"ROLES": "Leads"}, ["sign_in.roles", "'Leads'", "VALUE=ROLE"]),
    ],
)
def test_what_cannot_work_is_refused_by_name(changed, named):
    with pytest.raises(ConfigError) as caught:
        provider(chosen(**changed))
    assert all(part in str(caught.value) for part in named), caught.value
    assert "short" not in str(caught.value)


def test_on_this_machine_a_provider_may_be_tried_without_https():
    assert provider(chosen(ISSUER="http://localhost:9000", ADDRESS="http://127.0.0.1:8501"))


def test_a_secret_never_stands_in_the_file_and_never_shows(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text(DEFAULT_FILE.read_text().replace("[sign_in]", '[sign_in]\nclient_secret = "s3cret"\n#'))
    with pytest.raises(ConfigError) as caught:
        read_settings(file, environ={})
    assert "client_secret" in str(caught.value) and "s3cret" not in str(caught.value)
    assert "s3cret-of-the-client" not in repr(chosen()) and "cccc" not in f"{chosen()}"


def test_a_secret_may_stand_in_a_file_that_the_environment_names(tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    environ = {"KLANTBLIK_SIGN_IN_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    assert read_settings(environ=environ).sign_in.client_secret.reveal() == "from-a-file"


@pytest.mark.parametrize(
    ("claims", "roles", "unknown"),
    [
        ({}, set(), ()),
        ({"roles": ["manager", "marketing"]}, {"manager", "marketing"}, ()),
        ({"roles": "privacy, admin"}, {"privacy", "admin"}, ()),
        ({"roles": ["Manager"]}, {"manager"}, ()),
        ({"roles": ["boss"]}, set(), ("boss",)),
        ({"roles": ["viewer", "boss"]}, {"viewer"}, ("boss",)),
        ({"roles": None}, set(), ()),
        ({"roles": {"manager": True}}, set(), ()),
        ({"roles": 7}, set(), ()),
    ],
)
def test_without_a_table_the_claims_values_are_the_roles_names(claims, roles, unknown):
    found = granted(claims, chosen())
    assert (found.roles, found.unknown) == (roles, unknown)


def test_with_a_table_only_what_it_says_counts():
    table = chosen(ROLES="Sales-Leads=manager, Sales-Leads=marketing, G-DPO=privacy")
    assert granted({"roles": ["sales-leads"]}, table).roles == {"manager", "marketing"}
    found = granted({"roles": ["admin", "offline_access"]}, table)
    assert (found.roles, found.unknown) == (frozenset(), ())


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"email": "Anna@Example.nl", "email_verified": True}, {"admin", "viewer"}),
        ({"email": "bram@example.nl", "email_verified": True}, {"viewer"}),
        ({"email": "anna@example.nl", "email_verified": False}, set()),
        ({"email": "anna@example.nl"}, set()),
        ({"email": "anna@example.nl.evil.com", "email_verified": True}, set()),
        ({"email": "example.nl", "email_verified": True}, set()),
    ],
)
def test_an_address_gives_a_role_only_when_the_provider_verified_it(claims, roles):
    table = chosen(ROLES="anna@example.nl=admin, @example.nl=viewer")
    assert granted(claims, table).roles == roles


def test_everybody_who_signs_in_may_be_given_a_role_and_the_claim_still_counts():
    table = chosen(ROLES="*=viewer")
    assert granted({}, table).roles == {"viewer"}
    assert granted({"roles": ["manager"]}, table).roles == {"viewer", "manager"}


def test_a_claim_may_lie_within_another():
    claims = {"realm_access": {"roles": ["manager"]}, "https://example.nl/roles": ["viewer"]}
    assert values_of(claims, "realm_access.roles") == ["manager"]
    assert values_of(claims, "https://example.nl/roles") == ["viewer"]
    assert values_of(claims, "realm_access.roles.deeper") == values_of(claims, "nothing.here") == []


def test_the_audit_names_a_person_by_address_name_or_identifier():
    assert name_of({"email": "a@b.nl", "name": "A", "sub": "1"}) == "a@b.nl"
    assert name_of({"preferred_username": "anna", "sub": "1"}) == "anna"
    assert name_of({"sub": "1"}) == "1" and name_of({}) == "?"


def test_a_sign_in_ends_after_its_hours():
    rule = chosen(HOURS="2")
    assert not is_old({"iat": 1_000}, rule, 1_000 + 7_200)
    assert is_old({"iat": 1_000}, rule, 1_000 + 7_201)
    assert is_old({}, rule, 1_000) and is_old({"iat": "x"}, rule, 1_000)
