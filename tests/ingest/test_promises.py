from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.errors import ConfigError
from config.journey import load_journey
from ingest.promises import import_promises, read_promises
from store.engine import ms
from store.people.audit import verify
from store.people.promises import active_promises, register

ZONE = ZoneInfo("Europe/Amsterdam")
JOURNEY = load_journey("airline")
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "airline-promises.toml"
HARD = """
[[promise]]
code = "B-01"
stage = "question"
metric = "first_response"
threshold = "1 uur"
share = 0.9
text_nl = "Binnen een uur antwoord"
valid_from = 2014-06-01
"""


@pytest.fixture
def read(tmp_path):
    def from_text(text, name="promises.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf8")
        return read_promises(path, JOURNEY, ZONE)

    return from_text


def test_the_example_can_be_imported_and_holds_in_february_2015(place):
    promises = read_promises(EXAMPLE, JOURNEY, ZONE)
    assert import_promises(place.engine, promises, 1) == len(promises) >= 5
    at = ms(datetime(2015, 2, 20, tzinfo=ZONE))
    assert len(active_promises(place.engine, "airline", at)) == len(promises)
    assert {promise.stage for promise in promises} <= {stage.id for stage in JOURNEY.stages}
    assert all(promise.text_nl and promise.text_en for promise in promises)


def test_the_same_promises_twice_make_one_version(place):
    promises = read_promises(EXAMPLE, JOURNEY, ZONE)
    import_promises(place.engine, promises, 1)
    import_promises(place.engine, promises, 2)
    assert len(register(place.engine, "airline")) == len(promises) and verify(place.engine) == []


def test_where_it_was_said_is_read_in_one_language_or_in_both(read):
    hard = HARD.replace("1 uur", "1 hour")
    (one,) = read(hard + 'campaign = "Webcare"\nsaid_where = "Twitter"\n')
    assert (one.campaign("en"), one.said_where("nl"), one.said_where_en) == ("Webcare", "Twitter", "")
    (two,) = read(hard + 'said_where_nl = "abri"\nsaid_where_en = "bus shelter"\n')
    assert (two.said_where("nl"), two.said_where("en"), two.campaign("nl")) == ("abri", "bus shelter", "")


def test_words_become_values(read):
    (promise,) = read(HARD.replace("1 uur", "1,5 hours"))
    assert (promise.stage, promise.kind, promise.threshold, promise.share) == ("service", "hard", 5_400.0, 0.9)
    assert promise.valid_from == ms(datetime(2014, 6, 1, tzinfo=ZONE)) and promise.journey == "airline"


def test_a_csv_file_says_the_same(read):
    (promise,) = read(
        "code;stage;metric;threshold;share;text_nl;valid_from\n"
        "B-01;question;first_response;90 min;0,9;Binnen een uur;2014-06-01\n",
        "beloften.csv",
    )
    assert (promise.threshold, promise.share, promise.stage) == (5_400.0, 0.9, "service")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"1 uur"', '"een tijdje"', "threshold: found 'een tijdje', expected a duration"),
        ("question", "dromen", "stage: found 'dromen', expected a stage of journey airline: orient"),
        ("first_response", "glamour", "glamour"),
        ("2014-06-01", '"ooit"', "valid_from: found 'ooit', expected a date"),
        ('code = "B-01"', "", "code: found None"),
        ("share", "chare", "chare"),
        ("0.9", "1.9", "share"),
        ('text_nl = "Binnen een uur antwoord"', "", "the words of the promise"),
    ],
)
def test_a_mistake_names_the_promise_and_the_key(read, before, after, told):
    with pytest.raises(ValueError, match=told):
        read(HARD.replace('"1 uur"', '"1 hour"').replace(before.replace("1 uur", "1 hour"), after))


@pytest.mark.parametrize(("text", "told"), [("", "no promise"), ("[[promise", "valid TOML")])
def test_files_without_promises(read, text, told):
    with pytest.raises(ConfigError, match=told):
        read(text)


def test_no_file(tmp_path):
    with pytest.raises(ConfigError, match=r"--promises: found '.*absent.toml'"):
        read_promises(tmp_path / "absent.toml", JOURNEY, ZONE)
