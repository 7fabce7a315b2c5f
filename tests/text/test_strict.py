"""The strict mask: what may be read from the street, what is blotted out, and when a message is not shown at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.cues import usual_in_lower_case
from text.masking import strict_mask
from text.strict import ALWAYS_FREQUENT, BLOT, FREQUENT, LEAST_SHARE, LEAST_WORDS, is_harmless, strict_text
from text.vocabulary import first_names, frequent_words, last_names, ordinary_words, ordinary_words_of

SHOWN = [
    ("nl", "Er is niets aan te doen"),
    ("nl", "Goede medewerker aan de balie"),
    ("nl", "Medewerker heel vriendelijk"),
    ("nl", "Boeking aangepast, snelle reactie"),
    ("nl", "Ik sta al een uur in de wacht bij de klantenservice"),
    ("nl", "Drie weken wachten op mijn geld, nog geen antwoord"),
    ("en", "The parcel was delivered to the wrong address again"),
    ("en", "Nobody answers the phone and the chat is down"),
]


@pytest.mark.parametrize(("language", "text"), SHOWN)
def test_ordinary_words_of_customers_are_not_blotted_out(language, text):
    assert strict_mask(text, language) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("De trein was te laat zei Xhaferi tegen mij", "De trein was te laat zei … tegen mij"),
        ("ik wacht al 45 minuten op de bus", "ik wacht … minuten op de bus"),
        ("dat was echt heel goed xqzwk", "dat was echt heel goed …"),
        ("dat was echt heel goed xqzwk, vbnmq", "dat was echt heel goed …"),
        ("ik was bij Xhaferi van den Qwertz gisteren dus nu", "ik was bij … gisteren dus nu"),
    ],
)
def test_the_rest_is_one_blot(text, shown):
    assert strict_text(text, "nl") == shown


class TestHarmless:
    def test_a_capital_inside_a_sentence_is_never_harmless(self):
        assert is_harmless("trein", "nl", False) and not is_harmless("Trein", "nl", False)
        assert is_harmless("Trein", "nl", True) and not is_harmless("TREIN", "nl", True)

    def test_a_word_of_the_other_language_is_not(self):
        assert is_harmless("delivered", "en", False) and not is_harmless("delivered", "nl", False)

    def test_a_name_is_harmless_only_when_it_is_among_the_commonest_words(self):
        names = first_names() | last_names()
        for language in ("nl", "en"):
            usual = ordinary_words_of(language) | usual_in_lower_case()
            for word, rank in frequent_words(language).items():
                if word in names and word not in usual:
                    assert is_harmless(word, language, False) == (rank < ALWAYS_FREQUENT), word

    def test_a_rare_word_is_not_unless_customers_use_it(self):
        rare = [w for w, rank in frequent_words("nl").items() if rank >= FREQUENT and w.islower()]
        assert all(is_harmless(word, "nl", False) == (word in ordinary_words_of("nl")) for word in rare[:500])


class TestInLowerCase:
    def test_a_name_that_is_a_usual_word_is_shown_in_lower_case_only(self):
        assert strict_text("dat was prima geregeld", "nl") == "dat was prima geregeld"
        assert strict_text("Miles was here and he helped me", "en") == "… was here and he helped me"
        assert is_harmless("miles", "en", False) and not is_harmless("Miles", "en", True)

    def test_no_month_that_is_a_given_name_is_among_them(self):
        assert not {"mei", "april", "may", "june"} & usual_in_lower_case()


class TestShown:
    def test_fewer_than_three_words_are_not_shown(self):
        assert LEAST_WORDS == 3
        assert strict_text("heel goed", "nl") is None and strict_text("heel erg goed", "nl") == "heel erg goed"

    def test_at_least_half_of_the_words_must_be_left(self):
        assert LEAST_SHARE == 0.5
        assert strict_text("heel erg goed xqa xqb xqc", "nl") is not None
        assert strict_text("heel erg goed xqa xqb xqc xqd", "nl") is None

    @given(st.lists(st.sampled_from(["heel", "goed", "Xhaferi", "qzx", "12", ",", ".", "@jan"]), max_size=12))
    def test_nothing_unknown_is_ever_shown(self, words):
        shown = strict_text(" ".join(words), "nl") or ""
        assert set(shown.replace(",", " ").replace(".", " ").split()) <= {"heel", "goed", BLOT, "Heel", "Goed"}


class TestOrdinaryWords:
    def test_none_is_a_given_name(self):
        assert not ordinary_words() & first_names()

    def test_they_are_lower_case_words_of_two_letters_or_more(self):
        assert all(word == word.lower() and len(word) > 1 and word[0].isalpha() for word in ordinary_words())

    def test_each_language_has_its_own(self):
        assert "aangepast" in ordinary_words_of("nl") and "aangepast" not in ordinary_words_of("en")
        assert ordinary_words() == ordinary_words_of("nl") | ordinary_words_of("en")
