"""Whatever people paste: every function ends, keeps its promises about shape, and gives the same answer twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.journey import load_journey
from text.cleaning import clean
from text.concepts import concepts_of
from text.engine import load_engine
from text.features import LONGEST, letters_of, see, tokens_of
from text.language import detect_all
from text.masking import TOKENS, find, mask, strict_mask
from text.sentiment import LABELS, score_all
from text.stages import Placer
from text.themes import themes_of, word_counts

JOURNEY = load_journey("airline")
PLACER = Placer(JOURNEY)
NASTY = [
    "",
    " \n\t ",
    "\x00\x01\x02",
    "\u202egnal ot thgir\u202c",
    "a\u0301\u0302\u0303\u0304" * 50,
    "\ufeffGoedemorgen",
    "👩‍👩‍👧‍👦" * 40,
    "😀" * 500,
    "!" * 3000,
    "?!" * 1500,
    "a" * 20_000,
    "w" + "o" * 5_000 + "w",
    "de " * 5_000,
    "niet " * 2_000 + "goed",
    "0" * 5_000,
    "06-" * 2_000,
    "@" * 2_000,
    "a@" * 2_000,
    "[NAAM]" * 500,
    "[" * 2_000,
    "(((" * 500 + ")))" * 500,
    "<script>alert(1)</script>",
    "'; DROP TABLE contact; --",
    "{{7*7}} ${x} %s %d {0}",
    "\\d+.*(?P<x>",
    "https://" + "a." * 2_000 + "nl/user/jan",
    "Ａ Ｂ Ｃ ｆｕｌｌ ｗｉｄｔｈ",
    "İstanbul ıssız ǅ ﬁ ß ẞ",
    "مرحبا 你好 привет γειά",
    "\ud7ff\ue000\ufffd",
    "Beste " * 500 + "Xhaferi",
    "mevrouw van de van der van den " * 200,
    "1 januari 1980 " * 200,
    "NL91ABNA0417164300" * 50,
    "Kerkstraat 1, " * 300,
]
texts = st.text(max_size=120) | st.sampled_from(NASTY)


@pytest.mark.parametrize("text", NASTY)
def test_the_whole_chain_ends_and_gives_what_it_promises(text):
    masked = mask(text, "nl")
    (language,) = detect_all([masked.text], [None])
    (feeling,) = score_all([masked.text], [language.code])
    (placed,) = PLACER.place_all([masked.text], [language.code], [None])
    (themes,) = themes_of([masked.text], [language.code], JOURNEY)
    assert language.code in ("nl", "en", "other") and 0 < language.confidence <= 1
    assert feeling.label in LABELS and -1 <= feeling.score <= 1 and 0 <= feeling.probability <= 1
    assert placed is None or (placed.stage in {stage.id for stage in JOURNEY.stages} and 0 < placed.confidence <= 1)
    assert len(themes) == len(set(themes)) and set(themes) <= {theme.id for theme in JOURNEY.themes}


@given(texts)
def test_masked_text_is_the_rest_with_tokens_between(text):
    masked = mask(text, "nl")
    parts, last = [], 0
    for one in masked.found:
        parts += text[last : one.start], TOKENS["nl"][one.type]
        last = one.end
    assert masked.text == "".join([*parts, text[last:]])


@given(texts)
def test_masking_twice_masks_no_token(text):
    once = mask(text, "nl").text
    assert not any("[" in once[one.start : one.end] for one in find(once))


@given(texts)
def test_a_strict_text_holds_only_known_words(text):
    shown = strict_mask(text, "nl")
    if shown is not None:
        assert not any(char.isdigit() for char in shown) and "@" not in shown and "<" not in shown
        assert shown == shown.strip() and "……" not in shown.replace("… …", "……")


@given(texts, st.sampled_from(["nl", "en", "other"]))
def test_the_same_text_gives_the_same(text, language):
    see.cache_clear()
    first = score_all([text], [language]), PLACER.place_all([text], [language], [None]), mask(text, language)
    see.cache_clear()
    assert first == (score_all([text], [language]), PLACER.place_all([text], [language], [None]), mask(text, language))


@given(st.lists(texts, max_size=5))
def test_a_batch_gives_what_each_alone_gives(some):
    codes = ["nl"] * len(some)
    assert score_all(some, codes) == [score_all([text], ["nl"])[0] for text in some]
    hints: list[str | None] = [None] * len(some)
    alone = [PLACER.place_all([text], ["nl"], [None])[0] for text in some]
    together = PLACER.place_all(some, codes, hints)
    assert [one and one[:2] for one in together] == [one and one[:2] for one in alone]


@given(texts)
def test_tokens_are_lower_case_and_never_empty(text):
    for token in tokens_of(text):
        assert token and not token.isspace()
        assert all(2 <= len(piece) <= LONGEST for piece in letters_of(token))


@given(texts, st.sampled_from(["nl", "en"]))
def test_the_engine_stays_in_range(text, language):
    found = load_engine(language).polarity(text)
    assert -1 <= found.compound <= 1 and all(0 <= share <= 1 for share in found[:3])


@given(texts, st.lists(st.text(alphabet="abc@# .*", max_size=6), max_size=3))
def test_cleaning_only_takes_away(text, names):
    cleaned = clean(text, names)
    assert len(cleaned) <= len(text) + text.count("@") + text.count("[") + text.count("http") + text.count("www.")


@given(st.lists(texts, max_size=6))
def test_a_word_counts_once_per_contact(some):
    counts = word_counts(some, ["nl"] * len(some))
    assert all(1 <= count <= len(some) for count in counts.values())


@given(texts)
def test_concepts_count_rules(text):
    assert all(count >= 1 for count in concepts_of(text, "nl").values())
