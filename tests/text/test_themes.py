"""Themes by the taxonomy, and words that rise."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.journey import load_journey
from text.themes import rising, themes_of, word_counts


@pytest.mark.parametrize(
    ("journey", "language", "text", "theme"),
    [
        ("airline", "nl", "koffer kwijt", "baggage"),
        ("airline", "en", "lost my bag", "baggage"),
        ("airline", "en", "no wifi on board", "entertainment"),
        ("airline", "nl", "de stewardess was lief", "crew"),
        ("seven-stages", "nl", "chatbot snapt niks", "chatbot"),
        ("seven-stages", "en", "no reply to my email", "no_answer"),
        ("five-stages", "nl", "geld terug alstublieft", "refund"),
    ],
)
def test_a_theme_in_each_language(journey, language, text, theme):
    assert theme in themes_of([text], [language], load_journey(journey))[0]


def test_texts_without_a_theme_have_none():
    assert themes_of(["zzz", ""], ["nl", "en"], load_journey("airline")) == [[], []]


def test_every_theme_is_named_and_ruled_in_both_languages():
    for id in ("airline", "seven-stages", "five-stages"):
        for theme in load_journey(id).themes:
            assert theme.name["nl"] and theme.name["en"] and theme.rules["nl"] and theme.rules["en"]


def counts(sentence, times):
    return word_counts([sentence] * times, ["nl"] * times)


def test_a_new_word_rises():
    usual = counts("trein rijdt vandaag normaal", 200)
    now = counts("trein rijdt vandaag normaal", 150) + counts("blaadjes liggen overal", 20)
    assert {one.words for one in rising(now, usual)} >= {"blaadjes"}
    clearest = rising(now, usual)[0]
    assert clearest.z > 1.96 and clearest.now == 20 and clearest.before == 0


def test_four_contacts_are_too_few():
    usual = counts("trein rijdt vandaag normaal", 200)
    now = counts("trein rijdt vandaag normaal", 150) + counts("blaadjes", 4)
    assert "blaadjes" not in {one.words for one in rising(now, usual)}


def test_nothing_rises_when_nothing_changes():
    usual = counts("trein rijdt vandaag normaal", 100)
    assert rising(usual, usual) == []
    assert rising({}, usual) == [] and rising(usual, {}) == []


@pytest.mark.parametrize("name", ["dounia", "jansen", "wietske"])
def test_a_persons_name_never_rises(name):
    usual = counts("trein rijdt vandaag normaal", 200)
    now = counts("trein rijdt vandaag normaal", 100) + counts(f"{name} vertraging", 50)
    assert not any(name in one.words for one in rising(now, usual))


def test_a_word_counts_once_per_contact():
    assert word_counts(["storing storing storing"], ["nl"])["storing"] == 1


def test_function_words_numbers_and_tokens_do_not_count():
    found = word_counts(["ik heb 45 [NUMMER] het de storing"], ["nl"])
    assert set(found) == {"storing"}


def test_agrees_with_the_formula_of_monroe_colaresi_and_quinn():
    now, before = Counter({"a": 30, "b": 70}), Counter({"a": 10, "b": 90})
    # alpha_a = 100 * 40/200 = 20: delta = ln(50/150) - ln(30/170), sigma = sqrt(1/50 + 1/30)
    assert rising(now, before)[0].z == pytest.approx(2.753, abs=0.002)


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 50)),
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 50)),
)
def test_never_fails_and_never_shows_less_than_five(now, before):
    assert all(one.now >= 5 and one.z > 1.96 for one in rising(now, before))


def theme_phrases(id):
    """Each theme of a journey with a phrase of each of its rules that can be written out."""
    from text.phrases import END, written_out

    for theme in load_journey(id).themes:
        for code, some in theme.rules.items():
            for rule in some:
                yield from ((theme.id, code, phrase.replace(END, "")) for phrase in (written_out(rule) or ())[:2])


@pytest.mark.parametrize("id", ["airline", "seven-stages", "five-stages"])
def test_every_rule_of_every_theme_finds_its_own_phrases(id):
    journey = load_journey(id)
    found = [(theme, code, phrase, theme in themes_of([phrase], [code], journey)[0]) for theme, code, phrase in theme_phrases(id)]
    assert len(found) > 50 and [one for one in found if not one[3]] == []


def test_themes_stand_in_the_order_of_the_taxonomy_once_each():
    journey = load_journey("airline")
    order = [theme.id for theme in journey.themes]
    (found,) = themes_of(["koffer kwijt, bemanning aardig, koffer kapot, wifi deed het niet"], ["nl"], journey)
    assert found == sorted(set(found), key=order.index) and len(found) >= 2


@given(st.integers(5, 60), st.integers(0, 30))
def test_a_word_that_more_contacts_use_than_before_has_the_higher_z(now, before):
    usual = {"trein": 400, "storing": before}
    zs = [
        next((one.z for one in rising({"trein": 400, "storing": count}, usual, least=0) if one.words == "storing"), 0.0)
        for count in (now, now + 40)
    ]
    assert zs[1] >= zs[0]


def test_at_most_the_allowed_share_of_what_is_shown_is_chance():
    """Two months drawn from the same words: hardly anything may be called rising (Benjamini-Hochberg)."""
    import numpy as np

    chance, shown = np.random.default_rng(3), 0
    words = [f"woord{n}" for n in range(300)]
    for _ in range(40):
        now, before = ({w: int(n) for w, n in zip(words, chance.poisson(20, 300), strict=True)} for _ in range(2))
        shown += len(rising(now, before))
    assert shown <= 4


def test_a_long_background_is_the_prior():
    now, before = {"storing": 40, "trein": 300}, {"storing": 6, "trein": 300}
    rare, usual = {"storing": 5, "trein": 9000}, {"storing": 900, "trein": 9000}
    by = {
        name: [one for one in rising(now, before, prior) if one.words == "storing"]
        for name, prior in (("rare", rare), ("usual", usual))
    }
    assert by["rare"] and (not by["usual"] or by["usual"][0].z < by["rare"][0].z)


def test_pairs_of_telling_words_count_beside_the_words():
    found = word_counts(["dubbel afgeschreven bedrag", "dubbel afgeschreven"], ["nl", "nl"])
    assert found["dubbel afgeschreven"] == 2 and found["afgeschreven bedrag"] == 1


def test_the_clearest_comes_first():
    usual = counts("trein rijdt vandaag normaal", 400)
    now = counts("trein rijdt vandaag normaal", 300) + counts("blaadjes", 40) + counts("bladblazer", 12)
    found = [one.words for one in rising(now, usual) if one.words in ("blaadjes", "bladblazer")]
    assert found == ["blaadjes", "bladblazer"]
