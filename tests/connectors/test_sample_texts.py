"""The texts: both languages alike, every slot filled, many different ones, and nobody's real data in them."""

import random
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import connectors.sample.texts as texts
from config.journey import load_journey
from connectors.sample.company import company
from connectors.sample.texts import Message, topics, write
from connectors.sample.texts.private import filled, iban
from text.language import detect_all
from text.masking import mask
from text.sentiment import score_all

FOLDER = Path(texts.__file__).parent
BOOKS = {language: tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf8")) for language in ("nl", "en")}
CHANNELS = ("social", "chat", "email", "survey", "review", "web", "app")
TONES = ("negative", "neutral", "positive")
AIRLINE = load_journey("airline")


def some(language, tone, n=300, channels=CHANNELS, seed=1):
    dice = random.Random(seed)
    return [write(Message(language, dice.choice(topics()), tone, dice.choice(channels), dice.getrandbits(61))) for _ in range(n)]


def test_both_languages_have_the_same_topics_slots_and_registers():
    for part in ("topic", "slot", "open", "close", "detail"):
        assert set(BOOKS["nl"][part]) == set(BOOKS["en"][part]), part
    assert {t: e["stage"] for t, e in BOOKS["nl"]["topic"].items()} == {t: e["stage"] for t, e in BOOKS["en"]["topic"].items()}


def test_there_are_several_hundred_sentences():
    counts = {language: sum(len(e[tone]) for e in book["topic"].values() for tone in TONES) for language, book in BOOKS.items()}
    assert min(counts.values()) >= 280
    assert all(entry[tone] for book in BOOKS.values() for entry in book["topic"].values() for tone in TONES)


def test_no_sentence_is_there_twice():
    for book in BOOKS.values():
        every = [text for entry in book["topic"].values() for tone in TONES for text in entry[tone]]
        assert len(every) == len(set(every))


def test_every_topic_belongs_to_the_stage_that_uses_it():
    for stage, weights in zip(company().stages, company().topics, strict=True):
        assert {BOOKS["nl"]["topic"][topic]["stage"] for topic in weights} == {stage}


@given(
    st.sampled_from(["nl", "en"]),
    st.sampled_from(topics()),
    st.integers(0, 2),
    st.sampled_from(CHANNELS),
    st.integers(0, 2**62 - 1),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_any_message_is_whole_text_and_always_the_same(language, topic, tone, channel, seed, private, typo, edited):
    message = Message(language, topic, tone, channel, seed, private, typo, edited)
    text = write(message)
    assert text == write(message)
    assert len(text) > 12 and "{" not in text and "}" not in text and "  " not in text
    assert text == text.strip() or channel in ("social", "review")


def test_texts_rarely_repeat():
    many = some("nl", 0, 4000, seed=2) + some("nl", 2, 4000, seed=3)
    assert len(set(many)) > 0.9 * len(many)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_message_is_recognised_as_the_language_it_is_in(language):
    written = some(language, 0) + some(language, 1) + some(language, 2)
    found = [each.code for each in detect_all(written, [None] * len(written))]
    assert found.count(language) > 0.97 * len(written)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_tone_is_the_one_that_was_meant(language):
    scores = []
    for tone in range(3):
        written = some(language, tone)
        scores.append(sum(each.score for each in score_all(written, [language] * 300, AIRLINE.own_names)) / 300)
    assert scores[0] < -0.2 < scores[1] < 0.45 < scores[2]


def test_each_channel_has_its_own_way_of_writing():
    dice = random.Random(4)
    mails = [write(Message("nl", "refund", 1, "email", dice.getrandbits(61))) for _ in range(40)]
    posts = [write(Message("nl", "refund", 0, "social", dice.getrandbits(61))) for _ in range(200)]
    assert all(mail.count("\n\n") == 2 for mail in mails)
    assert all("\n" not in post for post in posts)
    assert 20 < sum("@noordvlucht" in post for post in posts) < 180
    assert any(re.search(r"[\U0001F300-\U0001FAFF]", post) for post in posts)


def test_an_edit_keeps_the_words_and_adds_some():
    plain = write(Message("nl", "bot", 0, "social", 77))
    edited = write(Message("nl", "bot", 0, "social", 77, edited=True))
    assert edited != plain and edited[:25] == plain[:25] and "pdate" in edited + "pdate" * ("edit" in edited.lower())


def test_a_typing_error_changes_two_letters_at_most():
    dice, different = random.Random(6), 0
    for _ in range(60):
        seed = dice.getrandbits(61)
        plain, wrong = (write(Message("nl", "delay", 0, "survey", seed, typo=typo)) for typo in (False, True))
        assert len(plain) == len(wrong) and sorted(plain) == sorted(wrong)
        different += sum(a != b for a, b in zip(plain, wrong, strict=True)) > 0
        assert sum(a != b for a, b in zip(plain, wrong, strict=True)) in (0, 2)
    assert different > 20


PRIVATE = {
    "{pnr}": "order",
    "{phone}": "phone",
    "{iban}": "iban",
    "{mail}": "email",
    "{postcode}": "postcode",
    "{ticket}": "order",
}


@pytest.mark.parametrize("slot", PRIVATE)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_made_up_private_data_is_of_the_kind_that_masking_takes_away(slot, language):
    sentences = [text for text in BOOKS[language]["private"]["sentence"] if slot in text]
    assert sentences, slot
    for seed in range(0, 10**9, 10**7 + 3):
        for sentence in sentences:
            value = filled(slot, seed * 7919)
            found = mask(filled(sentence, seed * 7919), language).text
            assert value not in found, (value, found)


def test_nobody_can_have_this_account_phone_or_mail():
    for seed in range(500):
        assert iban(seed)[4:8] == "NOVL"
        assert filled("{phone}", seed).startswith("06-0000")
        assert filled("{mail}", seed).endswith("@voorbeeld.example")
    assert len({iban(seed) for seed in range(500)}) == 500
