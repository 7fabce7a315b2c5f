"""Both languages hold the same texts, with the same values to fill in, and write numbers their own way."""

import string
from datetime import date

import pytest

from config.errors import ConfigError
from config.language import CODES, Texts, texts


def fields(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


def test_both_languages_have_the_same_keys():
    dutch, english = (set(texts(code).texts) for code in CODES)
    assert dutch - english == set(), "only in nl.toml"
    assert english - dutch == set(), "only in en.toml"


def test_both_languages_fill_in_the_same_values():
    for key, text in texts("nl").texts.items():
        assert fields(text) == fields(texts("en").texts[key]), key


def test_no_text_is_empty():
    for code in CODES:
        assert [key for key, text in texts(code).texts.items() if not text.strip()] == []


@pytest.mark.parametrize(
    ("code", "value", "decimals", "shown"),
    [
        ("nl", 7.25, 1, "7,2"),
        ("en", 7.05, 2, "7.05"),
        ("nl", 1234567, 0, "1.234.567"),
        ("en", 1234567, 0, "1,234,567"),
        ("nl", -0.04, 1, "0,0"),
        ("nl", -0.5, 1, "−0,5"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(code, value, decimals, shown):
    assert Texts(code, {}).number(value, decimals) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.44, "+0,4"), (-0.44, "−0,4"), (0.04, "0,0"), (-0.04, "0,0")])
def test_a_difference_shows_its_sign_unless_it_is_nothing(value, shown):
    assert texts("nl").signed(value) == shown


def test_percentages_and_whole_numbers():
    assert texts("nl").percent(0.714) == "71%"
    assert texts("en").whole(7872.4) == "7,872"


def test_dates_are_written_in_words():
    day = date(2026, 3, 4)
    assert texts("nl").day(day) == "woensdag 4 maart"
    assert texts("nl").short_day(day) == "4 mrt"
    assert texts("en").day(day, year=True) == "Wednesday 4 March 2026"


def test_a_missing_text_is_an_error_that_names_it():
    with pytest.raises(ConfigError, match=r"nothing\.here"):
        texts("nl")("nothing.here")


def test_another_language_is_refused():
    with pytest.raises(ConfigError, match="nl or en"):
        texts("fr")
