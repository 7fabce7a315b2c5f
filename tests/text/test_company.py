"""A company's own model: better than the shipped one or not kept, and never learned from what is held out."""

import random

import pytest

from text import company
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


class TestHowItLearns:
    def test_more_corrections_teach_more(self):
        few, many = (learn_sentiment(list(corrections(count, noise=0.35)), INDIFFERENT) for count in (120, 900))
        assert many.after > few.before and many.after >= few.after - 0.05 and many.model is not None

    def test_the_same_corrections_teach_the_same(self):
        some = list(corrections(200))
        assert learn_sentiment(some, INDIFFERENT) == learn_sentiment(some, INDIFFERENT)

    def test_what_the_shipped_model_knew_is_kept(self):
        """Words that no correction shows keep their side: the base, which is right here, is a sign of the new model."""
        known = {f"w:{word}": (2.0, way) for label, way in (("negative", -3.0), ("positive", 3.0)) for word in WORDS[label]}
        known |= {f"w:{word}": (-3.0, 0.0) for word in WORDS["neutral"]}
        base = LinearModel({"classes": ["felt", "positive"], "bias": [0.0, 0.0]}, known | {"w:oud": (2.0, 4.0)})
        examples = [Example(see(c.text, "nl"), c.label) for c in corrections(300)]
        outputs = company._sentiment(examples, base).model().outputs([see("oud", "nl"), see("tja", "nl")])
        assert (outputs[0] > outputs[1]).all()

    def test_a_correction_of_the_held_out_fifth_never_reaches_the_model(self):
        """A word that only held-out texts use is unknown to the new model."""
        held = [c for c in corrections(3000) if is_held_out(c.text + " geheim")]
        secret = [c._replace(text=c.text + " geheim") for c in held[:40]]
        learned = learn_sentiment([*corrections(300), *secret], INDIFFERENT)
        assert learned.model is not None and "w:geheim" not in learned.model.weights
        assert learned.held_out >= 40

    def test_figures_are_shares(self):
        found = learn_sentiment(list(corrections(200, noise=0.3)), INDIFFERENT)
        for figure in (found.before, found.after, found.held_before, found.held_after):
            assert 0 <= figure <= 1

    @pytest.mark.parametrize("learn", [learn_sentiment, lambda some, base: learn_stage(some, "demo", base)])
    def test_one_label_alone_teaches_nothing(self, learn):
        found = learn([Correction(f"flut {n}", "nl", "negative") for n in range(200)], INDIFFERENT)
        assert found.model is None and "only one label" in found.reason

    def test_where_nobody_said_neutral_the_shipped_model_says_what_is_felt(self):
        some = [c for c in corrections(500) if c.label != "neutral"]
        base = LinearModel({"classes": ["felt", "positive"], "bias": [0.4, 0.0]}, {"w:zin": (-5.0, 0.0)})
        model = learn_sentiment(some, base).model.model()
        felt = model.outputs([see("zin", "nl"), see("flut", "nl")])[:, 0]
        assert felt == pytest.approx(base.outputs([see("zin", "nl"), see("flut", "nl")])[:, 0])
        assert model.outputs([see("joe", "nl")])[0, 1] > 0 > model.outputs([see("flut", "nl")])[0, 1]

    def test_a_better_figure_in_training_alone_is_not_enough(self, monkeypatch):
        """The held-out share must not speak against the new model."""
        some = list(corrections(300))
        turned = [c._replace(label={"negative": "positive", "positive": "negative"}.get(c.label, c.label)) for c in some]
        mixed = [t if is_held_out(c.text) else c for c, t in zip(some, turned, strict=True)]
        good = LinearModel({"classes": ["felt", "positive"], "bias": [3.0, 0.0]}, {})
        found = learn_sentiment(mixed, good)
        assert found.after > found.before + BETTER
        assert (found.model is not None) == (found.held_after >= found.held_before - BETTER)

    def test_a_base_of_the_companys_own_is_refined_further(self):
        first = learn_sentiment(list(corrections(200, noise=0.3)), INDIFFERENT).model.model()
        second = learn_sentiment(list(corrections(300, seed=9)), first)
        assert second.before > 0.5
