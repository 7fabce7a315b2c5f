import stat

import pytest

from config.errors import ConfigError
from ingest.keys import fingerprint, keyed, load_key


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "data" / ".key"
    first = load_key({}, file)
    assert len(first) == 64 and load_key({}, file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_environment_wins(tmp_path):
    named = tmp_path / "secret"
    named.write_text("b" * 32 + "\n")
    assert load_key({"KLANTBLIK_KEY": "a" * 32, "KLANTBLIK_KEY_FILE": str(named)}, tmp_path / ".key") == b"a" * 32
    assert load_key({"KLANTBLIK_KEY_FILE": str(named)}, tmp_path / ".key") == b"b" * 32
    assert not (tmp_path / ".key").exists()


def test_a_short_key_is_refused_without_being_shown(tmp_path):
    with pytest.raises(ConfigError, match="KLANTBLIK_KEY: found '5 characters'") as caught:
        load_key({"KLANTBLIK_KEY": "short"}, tmp_path / ".key")
    assert "short" not in str(caught.value)


def test_hashes_differ_by_key_source_and_id_and_tell_nothing():
    hashes = {keyed(key, source, id) for key in (b"k" * 16, b"l" * 16) for source in "xy" for id in ("jan", "piet")}
    assert len(hashes) == 8 and all(len(each) == 32 and "jan" not in each for each in hashes)
    assert fingerprint(b"k" * 16) != fingerprint(b"l" * 16)


def test_half_a_character_in_an_id_is_no_crash():
    assert keyed(b"k" * 16, "x", "a\ud800")
