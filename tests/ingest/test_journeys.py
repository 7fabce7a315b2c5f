import tomllib

import pytest

from config.errors import ConfigError
from config.journey import journey_ids, load_journey, parse_journey
from ingest.errors import Unfit
from ingest.journeys import lines, written
from store.people.journeys import current_journey


def said(place, *arguments):
    return "\n".join(lines(place, *arguments))


@pytest.mark.parametrize("name", journey_ids())
def test_an_exported_journey_is_the_same_journey(name):
    journey = load_journey(name)
    assert parse_journey(tomllib.loads("\n".join(written(journey))), "export") == journey


def test_lists_what_there_is(place):
    found = said(place, "list", "")
    assert "airline  (in this store, in use)" in found and "seven-stages  (shipped)" in found


def test_shows_stages_in_both_languages_with_their_other_names(place):
    found = said(place, "show", "")
    assert "Vliegreis / Air travel" in found and "travel" in found and "moment of truth" in found


def test_takes_a_file_in_as_the_next_version(place, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(said(place, "export", "airline").replace("target = 8.0", "target = 9.0"), encoding="utf8")
    assert said(place, "import", str(file)) == "journey airline: version 2"
    assert current_journey(place.engine, "airline").goal_target == 9.0


def test_what_is_no_journey_is_refused(place, tmp_path):
    with pytest.raises(Unfit, match="journey import: found no name"):
        said(place, "import", "")
    with pytest.raises(ConfigError, match="absent"):
        said(place, "show", "absent")
    with pytest.raises(ConfigError, match=r"absent.toml"):
        said(place, "import", str(tmp_path / "absent.toml"))
