"""Word lists: read once, and a bad one says which line."""

import pytest

from config.errors import ConfigError
from text import words
from text.words import load_words, read_table


def test_both_languages_load():
    assert load_words("nl").valence["waardeloos"] < -2 < 2 < load_words("nl").valence["fantastisch"]
    assert load_words("en").valence["good"] == 1.9


def test_the_hand_list_silences_what_lexicons_hold_by_mistake():
    assert load_words("nl").valence["hallo"] == 0


def test_touching_holds_one_word_of_every_idiom():
    english = load_words("en")
    for idiom in english.idioms:
        if " " in idiom:
            assert english.touching & set(idiom.split())


def test_openings_file_phrases_by_their_first_word():
    assert (("geen", "reactie"), -2.5) in load_words("nl").openings["geen"]


def test_a_line_without_a_tab_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    (tmp_path / "words_xx.tsv").write_text("# remark\ngoed\t1\nfout\n")
    with pytest.raises(ConfigError, match=r"words_xx.tsv line 3.*'fout'"):
        read_table("words_xx.tsv")


def test_an_unknown_language_is_named():
    with pytest.raises(ConfigError, match="'fr'"):
        load_words("fr")
