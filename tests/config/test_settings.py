"""Settings: environment over file over nothing; every error names key, value and wanted type."""

import pytest

from config.errors import ConfigError
from config.settings import DEFAULT_FILE, read_settings


def test_the_shipped_file_is_complete():
    found = read_settings(environ={})
    assert found.web.port == 8501
    assert found.web.host == "127.0.0.1"
    assert found.company.zone.key == "Europe/Amsterdam"


def test_the_environment_wins_over_the_file():
    found = read_settings(environ={"KLANTBLIK_STORE_URL": "sqlite:///x.db", "KLANTBLIK_INGEST_CONNECTORS": "a, b"})
    assert found.store.url == "sqlite:///x.db"
    assert found.ingest.connectors == ["a", "b"]


@pytest.mark.parametrize("name", ["PORT", "KLANTBLIK_WEB_PORT"])
def test_the_port_has_two_names(name):
    assert read_settings(environ={name: "9000"}).web.port == 9000


def test_a_value_may_stand_in_a_file_named_by_the_environment(tmp_path):
    secret = tmp_path / "url"
    secret.write_text("sqlite:///from-file.db\n")
    assert read_settings(environ={"KLANTBLIK_STORE_URL_FILE": str(secret)}).store.url == "sqlite:///from-file.db"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORT": "eighty"}, ["PORT", "'eighty'", "whole number"]),
        ({"KLANTBLIK_WALL_QUOTES": "all"}, ["KLANTBLIK_WALL_QUOTES", "'all'", "strict"]),
        ({"KLANTBLIK_COMPANY_TIMEZONE": "Mars/Base"}, ["KLANTBLIK_COMPANY_TIMEZONE", "Mars/Base", "Europe/Amsterdam"]),
        ({"KLANTBLIK_SAMPLE_EVENTS_PER_MINUTE": ""}, ["KLANTBLIK_SAMPLE_EVENTS_PER_MINUTE", "number"]),
    ],
)
def test_an_error_names_key_value_and_wanted(environ, named):
    with pytest.raises(ConfigError) as caught:
        read_settings(environ=environ)
    assert all(part in str(caught.value) for part in named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nport = 1\ncolour = 'red'\n", ["colour", "host"]),
        ("[wep]\n", ["wep", "store"]),
        ("[web\n", ["valid TOML"]),
        (DEFAULT_FILE.read_text().replace("port = 8501", "port = true"), ["port", "True", "whole number"]),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path, text, named):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_settings(file, environ={})
    assert all(part in str(caught.value) for part in named)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match=r"nothing\.toml"):
        read_settings(tmp_path / "nothing.toml", environ={})


def test_a_missing_key_says_how_to_set_it(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text(DEFAULT_FILE.read_text().replace('url = "sqlite:///data/demo.db"', ""))
    with pytest.raises(ConfigError, match="KLANTBLIK_STORE_URL"):
        read_settings(file, environ={})
