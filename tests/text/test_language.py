"""Language: Dutch, English, other; short texts inherit."""

import pytest

from text import language
from text.language import detect, detect_all


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Waar blijft mijn bestelling nou?", "nl"),
        ("where is my order", "en"),
        ("al drie weken geen antwoord gehad van jullie", "nl"),
        ("I have been waiting for three weeks now", "en"),
        ("Ich warte seit drei Wochen auf mein Paket", "other"),
        ("Bonjour, je n'ai toujours pas reçu ma commande", "other"),
        ("Siparişim nerede, üç haftadır bekliyorum", "other"),
        ("مرحبا أين طلبي من فضلك", "other"),
        ("Love it, maar waarom zo duur? Echt niet normaal dit", "nl"),
    ],
)
def test_each_language(text, code):
    assert detect(text).code == code


@pytest.mark.parametrize("hint", ["nl", "en"])
@pytest.mark.parametrize("text", ["ok", "super!", "top", "12345", "", "👍"])
def test_very_short_texts_inherit_from_the_conversation(text, hint):
    assert detect(text, hint).code == hint


def test_a_clear_text_does_not_inherit():
    assert detect("waar blijft mijn bestelling toch", "en").code == "nl"
    assert detect("niet goed gegaan", "en").code == "nl"


def test_batches_and_confidence():
    found = detect_all(["waar blijft het", "where is it"], [None, None])
    assert [one.code for one in found] == ["nl", "en"]
    assert all(0 < one.confidence <= 1 for one in found)
    assert detect_all([], []) == []


def test_without_a_model_frequent_words_decide(monkeypatch):
    monkeypatch.setattr(language, "load", lambda name: None)
    assert detect("waar blijft mijn bestelling").code == "nl"
    assert detect("where is my order").code == "en"
    assert detect("zzyzx qwrtp").code == "other"
    assert detect("ok", "nl").code == "nl"


class TestInheriting:
    @pytest.mark.parametrize("length", [1, 5, 10, 19])
    def test_the_shorter_the_more_it_inherits(self, length):
        """An English text in a Dutch conversation: its own language is the surer the longer it is."""
        text = "where is my order ok"[:length]
        alone, told = detect(text, None), detect(text, "nl")
        assert told.code == "nl" or (told.code == "en" and told.confidence <= alone.confidence)

    def test_a_hint_in_another_language_is_no_hint(self):
        assert detect("ok", "de") == detect("ok", None)

    def test_from_twenty_signs_on_the_hint_says_nothing(self):
        text = "waar blijft het pakket"
        assert len(text) >= language.SHORT and detect(text, "en") == detect(text, None)


class TestOther:
    @pytest.mark.parametrize("text", ["Где моя посылка", "我的订单在哪里", "που είναι η παραγγελία μου", "注文はどこですか"])
    def test_other_scripts_are_other(self, text):
        assert detect(text).code == "other"

    @pytest.mark.parametrize(
        ("text", "code"),
        [("bon voyage gehad met jullie trein vandaag", "nl"), ("the déjà vu of waiting for a refund again", "en")],
    )
    def test_a_few_foreign_words_do_not_make_it_other(self, text, code):
        assert detect(text).code == code

    def test_addresses_and_accounts_say_nothing(self):
        plain, full = detect("waar blijft mijn pakket"), detect("@theshop waar blijft mijn pakket https://the.shop/where")
        assert plain.code == full.code == "nl"

    def test_as_many_hints_as_texts(self):
        with pytest.raises(ValueError, match="shorter"):
            detect_all(["a", "b"], [None])


@pytest.mark.parametrize("text", ["", "12345", "!!!", "👍👍", "https://x.nl"])
def test_what_has_no_words_gets_some_answer(text):
    assert detect(text).code in ("nl", "en", "other")
