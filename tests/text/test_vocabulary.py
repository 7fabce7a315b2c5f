"""The shipped lists: unpacked once, lower case, apart from each other, and enough of each."""

import pytest

from text.vocabulary import first_names, frequent_words, last_names, ordinary_words_of


@pytest.mark.parametrize("read", [first_names, last_names])
def test_names_are_lower_case_and_many(read):
    names = read()
    assert len(names) > 5000 and all(name == name.lower() and name.strip() for name in names)


@pytest.mark.parametrize(("language", "commonest"), [("nl", "ik"), ("en", "you")])
def test_words_are_ranked_from_the_commonest(language, commonest):
    ranks = frequent_words(language)
    assert sorted(ranks.values()) == list(range(len(ranks))) and ranks[commonest] < 10 and len(ranks) > 10_000


@pytest.mark.parametrize("language", ["nl", "en"])
def test_ordinary_words_fill_the_holes_of_the_frequent_ones(language):
    """Subtitles lack what customers talk about; that is why there are two lists."""
    missing = ordinary_words_of(language) - frequent_words(language).keys()
    assert len(missing) > 50 and len(ordinary_words_of(language)) > 1000


def test_a_list_is_unpacked_once():
    assert first_names() is first_names() and frequent_words("nl") is frequent_words("nl")
