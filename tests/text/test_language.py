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
