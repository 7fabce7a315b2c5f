"""Cleaning, features, concepts, tokens of text, lists and corpora: each with an example."""

import gzip
import json

import pytest

from text import corpora, lexicon
from text.cleaning import clean
from text.concepts import concepts_of
from text.corpora import DATA, customers, messages, subtitles, written
from text.cues import cued, either, is_company, phrases_of
from text.features import letters_of, see, tokens_of
from text.measures import macro_f1
from text.vocabulary import first_names, frequent_words, last_names


class TestCleaning:
    def test_accounts_addresses_and_tokens_go(self):
        assert clean("@klm zie https://x.nl/a [NAAM] te laat").split() == ["zie", "te", "laat"]

    def test_own_names_go_whatever_their_case_and_mark(self):
        assert clean("NOORDVLUCHT #noordvlucht noordvlucht's te laat", ("@Noordvlucht",)).split() == ["'s", "te", "laat"]

    def test_an_own_name_inside_a_word_stays(self):
        assert clean("ingesteld", ("ing",)) == "ingesteld"

    def test_plain_text_is_untouched(self):
        assert clean("Twee  spaties\nen een regel") == "Twee  spaties\nen een regel"


class TestFeatures:
    def test_tokens(self):
        assert tokens_of("Wéér 45 minuten!!! 😡 don’t…") == ["wéér", "0", "minuten", "!!", "😡", "don't", "…"]
        assert tokens_of("hoe?! wat??? zo...") == ["hoe", "?!", "wat", "??", "zo", ".."]

    def test_letters(self):
        assert letters_of("ja") == ["_j", "ja", "a_", "_ja", "ja_", "_ja_"]
        assert letters_of("0") == [] and letters_of("!!") == []
        assert letters_of("suuuuper") == letters_of("suuper")

    def test_signs_of_feeling_and_shape(self):
        signs = see("Waarom NOOIT antwoord?", "nl").signs
        assert signs["s:asks"] == 1.0 and signs["s:capitals"] == 0.25 and 0 < signs["s:questions"] <= 1
        assert see("goed", "nl").signs["e:+"] == 1.0 and see("slecht", "nl").signs["e:-"] == 1.0

    def test_concepts_are_the_same_in_both_languages(self):
        assert see("geen antwoord", "nl").signs["c:noreply"] == see("no reply", "en").signs["c:noreply"] == 1.0


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("nl", "van het kastje naar de muur", "pillar_to_post"),
        ("en", "transferred three times", "pillar_to_post"),
        ("nl", "voor de derde keer", "again"),
        ("en", "for the third time", "again"),
        ("nl", "beloofd is beloofd", "broken_promise"),
        ("en", "you promised", "broken_promise"),
        ("nl", "in één ruk uitgelezen", "story_good"),
        ("nl", "de bediening was traag", "table_bad"),
        ("en", "much appreciated", "thanks"),
        ("nl", "nooit meer", "never_again"),
    ],
)
def test_concepts(language, text, concept):
    assert concept in concepts_of(text, language)


class TestCues:
    def test_a_cue_stands_right_before(self):
        assert cued("mevrouw Jansen", 8, phrases_of("title"))
        assert not cued("mevrouw zag Jansen", 12, phrases_of("title"))
        assert cued("mevrouw zag Jansen", 12, phrases_of("title"), reach=1)

    def test_a_cue_of_several_words(self):
        assert cued("the account is in the name of Jansen", 30, phrases_of("naming"))

    def test_a_sentence_end_stops_the_search(self):
        assert not cued("is dat mevrouw? Jansen", 16, phrases_of("title"))

    def test_companies_and_people(self):
        assert is_company("@KLM") and is_company("@GemeenteUtrecht") and is_company("@xyzwebcare")
        assert not is_company("@saar_ouwehand")

    def test_alternatives_put_the_longest_first(self):
        assert either("english", "streets").index("Street") < either("english", "streets").index("|St|")


class TestLists:
    def test_names_and_words_are_apart(self):
        assert {"willemijn", "mohamed", "emma", "wietske"} <= first_names()
        assert {"jansen", "smith"} <= last_names() | first_names()
        assert "niet" in frequent_words("nl") and "not" in frequent_words("en")
        assert frequent_words("nl")["de"] < 10

    def test_the_merged_lexicon_is_what_ships(self):
        merged = lexicon.merge()
        assert merged["waardeloos"] < -1 < 1 < merged["uitstekend"]
        assert all(-4 <= value <= 4 for value in merged.values())


class TestCorpora:
    def test_messages_are_masked_and_labelled(self):
        some = messages("messages_dev.jsonl.gz")
        assert len(some) == 420 and {m.language for m in some} == {"nl", "en"}
        assert all(m.sentiment and m.stage and "@gmail" not in m.text for m in some)

    def test_written_sentences_have_a_label(self):
        for style in ("books", "tables", "politics", "tweets"):
            assert {m.sentiment for m in written(style)} == {"positive", "negative", "neutral"}

    def test_short_messages_have_a_stage(self):
        assert all(m.stage and m.sentiment for m in customers()) and any(m.airline_stage for m in customers())

    def test_film_lines_are_clear(self):
        assert {example.label for example in subtitles()} == {"positive", "negative"}

    def test_every_identifier_in_the_data_is_invented_and_marked(self):
        for path in DATA.glob("messages_*.jsonl.gz"):
            with gzip.open(path, "rt", encoding="utf8") as lines:
                for line in lines:
                    row = json.loads(line)
                    assert all(item["value"] in row["text"] for item in row["pii"])

    def test_nothing_non_commercial_is_in_the_project(self):
        assert not list(corpora.DATA.rglob("airline_en*"))


def test_macro_f1_of_nothing():
    assert macro_f1([], []) == 0.0
