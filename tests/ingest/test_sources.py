from dataclasses import replace

import pytest
from pydantic import SecretStr

from config.errors import ConfigError
from connectors import CONNECTORS
from connectors.base import ConfigFault
from ingest import sources
from ingest.process import fitting
from ingest.sources import configured, connector_named, read_tables, source_of

from .fakes import Config, Scripted


class Guarded(Config):
    server: str
    token: SecretStr = SecretStr("")


@pytest.fixture(autouse=True)
def one_connector(monkeypatch):
    known = connector_named
    monkeypatch.setitem(CONNECTORS, "guarded", "tests:Guarded")
    monkeypatch.setattr(
        sources, "connector_named", lambda name: Scripted([[]], Config=Guarded) if name == "guarded" else known(name)
    )


@pytest.fixture
def with_file(tmp_path, chosen):
    def sources_of(text, only=(), named=(), **environ):
        file = tmp_path / "sources.toml"
        file.write_text(text, encoding="utf8")
        settings = replace(chosen, ingest=replace(chosen.ingest, connectors=list(named)))
        return configured(settings, only, environ, file)

    return sources_of


POSTS = '[posts]\nconnector = "guarded"\nserver = "x.nl"\n'


def test_a_table_is_a_source_with_its_connector_and_settings(with_file):
    (source,) = with_file(POSTS)
    assert (source.name, source.config.server, source.fault, source.mode) == ("posts", "x.nl", "", "stream")


def test_a_secret_comes_from_the_environment_or_from_a_file(with_file, tmp_path):
    (source,) = with_file(POSTS, KLANTBLIK_SOURCE_POSTS_TOKEN="hush")
    assert source.config.token.get_secret_value() == "hush" and "hush" not in repr(source)
    (tmp_path / "token").write_text("hush2\n")
    (source,) = with_file(POSTS, KLANTBLIK_SOURCE_POSTS_TOKEN_FILE=str(tmp_path / "token"))
    assert source.config.token.get_secret_value() == "hush2"


def test_a_secret_in_the_file_is_refused_without_being_shown(with_file):
    (source,) = with_file(POSTS + 'token = "hush"\n')
    assert "KLANTBLIK_SOURCE_POSTS_TOKEN" in source.fault and "hush" not in source.fault


def test_settings_that_do_not_fit_are_named_without_their_values(with_file):
    source, other = with_file('[posts]\nconnector = "guarded"\ncolour = "sky"\n[other]\nconnector = "guarded"\nserver = "y"\n')
    assert "server: Field required" in source.fault and "colour" in source.fault and "sky" not in source.fault
    assert other.fault == ""


def test_names_in_the_settings_are_sources_too(with_file):
    assert [source.name for source in with_file(POSTS, named=["sample"])] == ["sample", "posts"]


def test_only_some(with_file):
    assert [source.name for source in with_file(POSTS, only=["posts"], named=["sample"])] == ["posts"]
    with pytest.raises(ConfigFault, match="--only: found 'absent', expected one of sample, posts"):
        with_file(POSTS, only=["absent"], named=["sample"])


def test_an_unknown_connector_lists_those_there_are_and_stops_no_other(with_file):
    wrong, right = with_file('[birds]\nconnector = "pigeon"\n' + POSTS)
    assert "found 'pigeon', expected one of" in wrong.fault and "files" in wrong.fault and right.fault == ""


def test_a_connector_whose_library_is_missing_says_so(monkeypatch):
    monkeypatch.setitem(CONNECTORS, "lost", "no_such_module:Lost")
    with pytest.raises(ConfigFault, match="connector lost: cannot be loaded"):
        connector_named("lost")


def test_files_that_cannot_be_read(tmp_path):
    assert read_tables(tmp_path / "absent.toml") == {}
    broken = tmp_path / "broken.toml"
    broken.write_text("[posts")
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        read_tables(broken)
    broken.write_text("posts = 1")
    with pytest.raises(ConfigError, match=r"a table \[NAME\]"):
        read_tables(broken)


@pytest.mark.parametrize("name", sorted(set(CONNECTORS)))
def test_every_connector_of_the_list_can_be_loaded(name):
    connector = connector_named(name)
    assert connector.name == name and connector.capabilities.mode in ("stream", "poll", "push", "once")


def test_made_up_customers_enter_a_demo_only_and_real_ones_never_do():
    made_up, real = Scripted([[]], name="sample").source("a"), Scripted([[]]).source("b")
    assert fitting([made_up, real], demo=True) == [made_up] and fitting([made_up, real], demo=False) == [real]


def test_a_source_may_be_named_as_its_connector():
    assert source_of("files", {"folder": "/x", "mapping": "text=a"}, {}).config.mapping == "text=a"
