"""Models on models: written out they are one linear model, and no class of the first is forgotten."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.engine import NOTHING
from text.features import Seen
from text.learning import Example, Fitted
from text.linear import LinearModel
from text.stacking import SCALE, SIGN, complete, oriented, side_by_side, with_base, written_out

BASE = LinearModel({"classes": ["a", "b"], "bias": [0.5, -1.0]}, {"w:goed": (1.0, 2.0), "w:slecht": (-3.0, 0.5)})
numbers = st.floats(-5, 5, allow_nan=False)


def seen(*tokens):
    return Seen(list(tokens), {}, NOTHING)


def head(first, second, bias=0.0, **weights):
    """A head of one output that uses the two outputs of BASE by `first` and `second`."""
    used = {f"s:{SIGN}0": (first,), f"s:{SIGN}1": (second,)}
    return Fitted(["no", "yes"], [bias], used | {name: (value,) for name, value in weights.items()})


class TestWithBase:
    def test_the_outputs_become_signs(self):
        (one,) = with_base([Example(seen("goed"), "yes", 0.5)], BASE)
        outputs = BASE.outputs([seen("goed")])[0] / SCALE
        assert [one.seen.signs[f"{SIGN}{j}"] for j in (0, 1)] == pytest.approx(outputs)

    def test_label_weight_and_tokens_stay(self):
        (one,) = with_base([Example(seen("goed"), "yes", 0.5)], BASE)
        assert (one.label, one.weight, one.seen.tokens) == ("yes", 0.5, ["goed"])

    def test_the_example_itself_is_not_changed(self):
        example = Example(seen("goed"), "yes")
        with_base([example], BASE)
        assert example.seen.signs == {}


class TestWrittenOut:
    @given(numbers, numbers, numbers, st.lists(st.sampled_from(["goed", "slecht", "zo"]), max_size=6))
    def test_the_sum_is_that_of_head_and_base(self, first, second, bias, tokens):
        stacked = head(first, second, bias)
        outputs = BASE.outputs([seen(*tokens)])[0] / SCALE
        by_two = bias + first * outputs[0] + second * outputs[1]
        assert written_out(stacked, BASE).model().outputs([seen(*tokens)])[0, 0] == pytest.approx(by_two, abs=1e-9)

    def test_a_word_of_both_adds_up(self):
        merged = written_out(head(SCALE, 0.0, **{"w:goed": 7.0}), BASE)
        assert merged.weights["w:goed"] == pytest.approx((8.0,)) and merged.weights["w:slecht"] == pytest.approx((-3.0,))

    def test_the_signs_of_the_base_are_gone(self):
        assert not any(name.startswith("s:" + SIGN) for name in written_out(head(1.0, 1.0), BASE).weights)

    def test_a_head_that_does_not_use_the_base_is_itself(self):
        merged = written_out(Fitted(["no", "yes"], [0.3], {"w:x": (2.0,)}), BASE)
        assert merged.bias == pytest.approx([0.3]) and merged.weights["w:x"] == pytest.approx((2.0,))
        assert merged.weights["w:goed"] == pytest.approx((0.0,))


class TestSideBySide:
    def test_each_keeps_its_output(self):
        both = side_by_side([head(0, 0, 1.0, **{"w:x": 1.0}), head(0, 0, 2.0, **{"w:y": 5.0})], ["one", "two"])
        assert both.classes == ["one", "two"] and both.bias == [1.0, 2.0]
        assert both.weights["w:x"] == (1.0, 0.0) and both.weights["w:y"] == (0.0, 5.0)

    @given(numbers)
    def test_turning_twice_changes_nothing(self, weight):
        fitted = Fitted(["no", "yes"], [weight], {"w:x": (weight,)})
        turned = oriented(fitted, "no")
        assert turned.classes == ["yes", "no"] and turned.weights["w:x"] == (-weight,)
        assert oriented(turned, "yes") == fitted


class TestComplete:
    THREE = LinearModel({"classes": ["a", "b", "c"], "bias": [0.1, 0.2, 0.3]}, {"w:cc": (0.0, 0.0, 4.0)})

    def test_a_class_that_was_never_shown_keeps_what_the_base_knew(self):
        fitted = Fitted(["a", "b"], [-1.0], {"w:bb": (2.0,)})
        whole = complete(fitted, self.THREE)
        assert whole.classes == ["a", "b", "c"] and whole.bias == [1.0, -1.0, 0.3]
        assert whole.weights["w:bb"] == (-2.0, 2.0, 0.0) and whole.weights["w:cc"] == (0.0, 0.0, 4.0)

    def test_one_with_all_classes_stays(self):
        fitted = Fitted(["a", "b", "c"], [0.0, 0.0, 0.0], {"w:x": (1.0, 2.0, 3.0)})
        whole = complete(fitted, self.THREE)
        assert whole.classes == fitted.classes and whole.weights["w:x"] == (1.0, 2.0, 3.0)

    def test_two_outputs_differ_as_the_one_did(self):
        """The odds between the two shown classes are twice the one output: both halves carry it."""
        fitted = Fitted(["a", "b"], [0.7], {})
        outputs = complete(fitted, self.THREE).model().outputs([seen("zo")])[0]
        assert outputs[1] - outputs[0] == pytest.approx(2 * 0.7)
        assert np.isfinite(outputs).all()
