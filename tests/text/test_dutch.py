"""The Dutch rules word by word: inflection, spelling, compounds, boosters, negation before and after, phrases, 'maar'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.dutch import fact, find
from text.engine import load_engine
from text.words import load_words

WORDS = load_words("nl")
ENGINE = load_engine("nl")
POSITIVE = ["goed", "fijn", "vriendelijk", "geweldig", "prima", "tevreden"]
NEGATIVE = ["slecht", "waardeloos", "onbeschoft", "vies", "saai", "belachelijk"]


def score(text):
    return ENGINE.compound(text)


class TestForms:
    @pytest.mark.parametrize(
        ("form", "word"),
        [
            ("goede", "goed"),
            ("slechte", "slecht"),
            ("slechter", "slecht"),
            ("slechtste", "slecht"),
            ("gemene", "gemeen"),
            ("suffe", "suf"),
            ("vieze", "vies"),
            ("lieve", "lief"),
            ("fijner", "fijn"),
            ("problemen", "probleem"),
            ("klachten", "klacht"),
        ],
    )
    def test_an_inflected_form_carries_the_feeling_of_its_word(self, form, word):
        assert find(form, WORDS) is not None and find(form, WORDS) * find(word, WORDS) > 0

    @pytest.mark.parametrize("stretched", ["suuuuper", "goeeeed", "slechttt"])
    def test_a_stretched_word_is_the_word(self, stretched):
        assert find(stretched, WORDS) is not None

    @pytest.mark.parametrize("word", ["rotbedrijf", "kutservice", "rotzooi"])
    def test_an_opener_makes_a_compound_bad(self, word):
        assert find(word, WORDS) < 0

    @pytest.mark.parametrize("word", ["internetstoring", "netwerkstoring"])
    def test_a_head_makes_a_compound_bad(self, word):
        assert find(word, WORDS) < 0

    @pytest.mark.parametrize("word", ["tafel", "xqzwk", "de", "", "topje", "rotterdam"])
    def test_what_carries_nothing_has_none(self, word):
        assert not find(word, WORDS)

    def test_a_fact_knows_its_part(self):
        assert fact("NIET", WORDS).negates and fact("NIET", WORDS).upper
        assert fact("heel", WORDS).boost > 0 > fact("beetje", WORDS).boost
        assert fact("maar", WORDS).marked and not fact("xqzwk", WORDS).marked

    def test_a_hashtag_is_its_word(self):
        assert fact("#waardeloos", WORDS).valence == fact("waardeloos", WORDS).valence


class TestNegation:
    @pytest.mark.parametrize("word", POSITIVE)
    @pytest.mark.parametrize("negation", ["niet", "geen", "nooit", "nauwelijks", "allesbehalve", "zonder", "amper"])
    def test_before_a_good_word(self, negation, word):
        assert score(f"{negation} {word}") < score(word)

    @pytest.mark.parametrize("word", NEGATIVE)
    def test_before_a_bad_word(self, word):
        assert score(f"niet {word}") > score(word)

    @pytest.mark.parametrize("verb", ["werkt", "helpt", "klopt"])
    def test_after_the_verb(self, verb):
        assert score(f"{verb} niet") <= score(verb) and score(f"dit {verb} mij ook niet") <= score(f"dit {verb} mij")

    def test_it_reaches_over_two_words_and_no_further(self):
        assert score("niet echt heel goed") < 0 < score("niet dat ik het weet maar wel goed")

    @pytest.mark.parametrize("mark", [".", "!", "?", ",", ";", ":"])
    def test_a_clause_end_stops_it(self, mark):
        assert score(f"dat kan niet{mark} goed gedaan") > 0


class TestColour:
    @pytest.mark.parametrize("booster", ["heel", "erg", "zeer", "super", "enorm", "hartstikke"])
    @pytest.mark.parametrize("word", ["goed", "slecht"])
    def test_a_booster_makes_more_of_it(self, booster, word):
        assert abs(score(f"{booster} {word}")) > abs(score(word))

    @pytest.mark.parametrize("damper", ["beetje", "redelijk", "tamelijk", "enigszins"])
    @pytest.mark.parametrize("word", ["goed", "slecht"])
    def test_a_damper_makes_less_of_it(self, damper, word):
        assert abs(score(f"{damper} {word}")) < abs(score(word))

    def test_a_booster_that_is_felt_itself_only_colours(self):
        assert score("vreselijk lekker") > 0 > score("vreselijk")

    def test_capitals_among_small_letters_make_more_of_it(self):
        assert score("echt SLECHT geregeld hier") < score("echt slecht geregeld hier")

    @given(st.integers(1, 4))
    def test_each_exclamation_makes_more_of_it_up_to_four(self, count):
        assert score("goed" + "!" * count) > score("goed" + "!" * (count - 1))
        assert score("goed!!!!") == score("goed!!!!!!!")


class TestPhrases:
    @pytest.mark.parametrize(("phrase", "value"), [(p, v) for p, v in WORDS.phrases.items() if abs(v) >= 1.0])
    def test_every_phrase_carries_its_feeling(self, phrase, value):
        assert score(phrase) * value > 0

    def test_the_longest_phrase_wins(self):
        assert score("geen problemen") > 0 > score("geen enkele")

    def test_a_phrase_in_the_middle_counts(self):
        assert score("ik zit weer uren in de wacht hier") < 0

    @pytest.mark.parametrize(("good", "bad"), list(zip(POSITIVE, NEGATIVE, strict=True)))
    def test_what_follows_maar_weighs_more(self, good, bad):
        assert score(f"het was {good} maar {bad}") < score(f"het was {bad} maar {good}")


@given(st.lists(st.sampled_from([*POSITIVE, *NEGATIVE, "niet", "heel", "maar", "tafel", "."]), max_size=10))
def test_any_sentence_stays_in_range(words):
    found = ENGINE.polarity(" ".join(words))
    assert -1 <= found.compound <= 1 and found.neg + found.neu + found.pos == pytest.approx(1 if words else 0, abs=0.002)
