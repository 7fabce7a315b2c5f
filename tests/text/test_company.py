"""A company's own model: better than the shipped one or not kept, and never learned from what is held out."""

import random

import pytest

from text.cleaning import clean
from text.company import BETTER, Correction, is_held_out, learn_sentiment, learn_stage
from text.features import see
from text.learning import Example, fit
from text.linear import LinearModel
from text.stacking import oriented, side_by_side, with_base, written_out

INDIFFERENT = LinearModel({"classes": ["felt", "positive"], "bias": [0.0, 0.0]}, {})
STAGELESS = LinearModel({"classes": ["buy", "use"], "bias": [0.0, 0.0]}, {})
WORDS = {"negative": ["flut", "bah", "wuk"], "neutral": ["zin", "paal", "dek"], "positive": ["joe", "tof", "hip"]}


def corrections(count, seed=0, noise=0.0):
    """Texts whose made-up words tell the label, which no shipped word list knows."""
    chance = random.Random(seed)
    for number in range(count):
        label = chance.choice(list(WORDS))
        said = chance.choice(list(WORDS)) if chance.random() < noise else label
        yield Correction(f"{chance.choice(WORDS[label])} {chance.choice(WORDS[label])} nr{number}", "nl", said)


def test_a_better_model_is_kept_and_says_by_how_much():
    found = learn_sentiment(list(corrections(300)), INDIFFERENT)
    assert found.after > found.before + 0.3 and found.held_after > found.held_before
    assert found.model is not None and found.reason == "better"
    assert found.labels + found.held_out == 300


def test_a_model_that_is_not_better_is_not_kept():
    good = learn_sentiment(list(corrections(300)), INDIFFERENT).model.model()
    found = learn_sentiment(list(corrections(300, seed=5, noise=0.9)), good)
    assert found.model is None and "not better" in found.reason


def test_too_few_corrections_teach_nothing():
    found = learn_sentiment(list(corrections(30)), INDIFFERENT)
    assert found.model is None and "fewer than 50" in found.reason and found.before == found.after


def test_a_fifth_is_held_out_by_the_text_alone():
    texts = [correction.text for correction in corrections(1000)]
    share = sum(map(is_held_out, texts)) / 1000
    assert 0.15 < share < 0.25
    assert [is_held_out(text) for text in texts] == [is_held_out(text) for text in texts]


def test_what_is_held_out_does_not_change_the_model():
    some = list(corrections(300))
    turned = [c._replace(label="negative") if is_held_out(c.text) else c for c in some]
    ours, theirs = learn_sentiment(some, INDIFFERENT), learn_sentiment(turned, INDIFFERENT)
    assert ours.after == theirs.after


def test_stages_are_learned_too():
    made = [Correction(f"{'aap noot' if n % 2 else 'mies vuur'} x{n}", "nl", "buy" if n % 2 else "use") for n in range(200)]
    found = learn_stage(made, "demo", STAGELESS)
    assert found.after > found.before + BETTER and found.model is not None
    assert found.model.model().outputs([see("aap noot", "nl")]).argmax() == found.model.classes.index("buy")


def test_a_stage_that_no_correction_shows_is_not_forgotten():
    three = LinearModel({"classes": ["buy", "use", "leave"], "bias": [0.0, 0.0, 0.0]}, {"w:tot": (0.0, 0.0, 9.0)})
    made = [Correction(f"{'aap noot' if n % 2 else 'mies vuur'} x{n}", "nl", "buy" if n % 2 else "use") for n in range(200)]
    model = learn_stage(made, "demo", three).model.model()
    assert set(model.classes) == {"buy", "use", "leave"}
    assert model.classes[model.outputs([see("tot ziens", "nl")]).argmax()] == "leave"


def test_a_label_that_does_not_exist_is_left_out():
    assert learn_sentiment([Correction("x", "nl", "angry")], INDIFFERENT).labels == 0


def test_without_any_model_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr("text.company.load", lambda name: None)
    with pytest.raises(FileNotFoundError, match="make models"):
        learn_sentiment([])


def test_a_stacked_model_written_out_gives_the_same_outputs():
    """Linear in a linear model is linear: the written-out model equals base and head together."""
    texts = ["flut bah", "joe tof", "flut joe", "tof tof hip", "bah wuk flut"] * 4
    labels = ["negative", "positive", "negative", "positive", "negative"] * 4
    examples = [Example(see(clean(text), "nl"), label) for text, label in zip(texts, labels, strict=True)]
    base = fit(examples[:10]).model()
    stacked = with_base(examples, base)
    head = fit(stacked)
    by_two = head.model().outputs([one.seen for one in stacked])
    by_one = written_out(head, base).model().outputs([one.seen for one in examples])
    assert by_one == pytest.approx(by_two)


def test_heads_side_by_side_and_oriented():
    examples = [Example(see("flut", "nl"), "no"), Example(see("joe", "nl"), "yes")] * 4
    fitted = fit(examples)
    turned = oriented(fitted, "no")
    both = side_by_side([fitted, turned], ["yes", "no"]).model()
    outputs = both.outputs([see("joe", "nl")])[0]
    assert outputs[0] > 0 and outputs[1] == pytest.approx(-outputs[0])
    assert oriented(fitted, "yes") is fitted
