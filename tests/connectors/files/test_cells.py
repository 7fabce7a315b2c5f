import pytest

from connectors.files import cells


@pytest.mark.parametrize(
    ("metric", "cell", "expected"),
    [
        ("csat", "4", 4.0),
        ("csat", 4, 4.0),
        ("csat", "4,5", 4.5),
        ("csat", "", None),
        ("csat", None, None),
        ("csat", "n.v.t.", None),
        ("wait", "90", 90.0),
        ("wait", "1:30", 90.0),
        ("wait", "01:01:30", 3690.0),
        ("wait", "1.234,5", 1234.5),
        ("resolved_first", "nee", 0.0),
        ("resolved_first", True, 1.0),
        ("on_time", "93,5%", 0.935),
        ("nps", "-1", -1.0),
    ],
)
def test_number(metric, cell, expected):
    assert cells.number(metric, cell) == expected


@pytest.mark.parametrize("wrong", ["vier", "inf", "1e999", "4 of 5", "--4"])
def test_number_refuses_what_is_none(wrong):
    with pytest.raises(ValueError, match="csat: found"):
        cells.number("csat", wrong)


def test_plain_keeps_long_ids_and_formulas_as_text():
    assert cells.plain("570301083672813571") == "570301083672813571"
    assert cells.plain(4711.0) == "4711"
    assert cells.plain('=HYPERLINK("http://x")') == '=HYPERLINK("http://x")'


def test_channel_words_and_the_default():
    assert [cells.channel(word, "web") for word in ("Twitter", "Telefoon", "", None)] == ["social", "phone", "web", "web"]
    with pytest.raises(ValueError, match="channel: found 'postduif', expected one of social"):
        cells.channel("postduif", "web")


def test_language_codes():
    assert [cells.language(word) for word in ("en-GB", "Nederlands", "nl_NL", "de", "")] == ["en", "nl", "nl", "de", None]


def test_several_ids_in_one_cell():
    assert cells.several("Nieuw; kritisch|Nieuw, zeer trouw") == ("nieuw", "kritisch", "zeer_trouw")
    assert cells.several(None) == ()


def test_truth_in_both_languages():
    assert [cells.truth(word) for word in ("ja", "No", 1, 0, None, "")] == [True, False, True, False, False, False]
    with pytest.raises(ValueError, match="found 'misschien'"):
        cells.truth("misschien")


def test_whole_versions():
    assert [cells.whole(word) for word in ("12", 12, 12.0, "1.5", "-3", "9" * 30)] == [12, 12, 12, None, None, None]


def test_open_questions():
    assert cells.is_open("onbeantwoord") and not cells.is_open("12") and not cells.is_open(None)
