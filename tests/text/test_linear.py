"""The model file: plain, versioned, checksummed; and outputs that are exactly the sum of the weights."""

import gzip
import json
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.engine import NOTHING
from text.features import Seen, letters_of
from text.learning import Example, features_of, fit
from text.linear import MODELS, LinearModel, ModelError, load, logistic, read, save, softmax, text_scale

HEADER = {"task": "demo", "classes": ["a", "b"], "bias": [0.5, -0.5], "provenance": "test"}
WEIGHTS = {"w:goed": (1.0, -1.0), "l:_goe": (0.25, 0.0), "b:^ goed": (0.5, 0.5), "s:e:+": (2.0, 0.0)}


def seen(*tokens, **signs):
    return Seen(list(tokens), signs, NOTHING)


def test_outputs_are_the_sum_of_the_weights():
    model = LinearModel(HEADER, WEIGHTS)
    one = Seen(["goed", "zo"], {"e:+": 0.5}, NOTHING)
    letters = 0.25 / math.sqrt(len(letters_of("goed")))
    first = 0.5 + text_scale(2) * (1.0 + letters + 0.5) + 0.5 * 2.0
    second = -0.5 + text_scale(2) * (-1.0 + 0.5)
    assert model.outputs([one])[0] == pytest.approx([first, second])


def test_an_empty_text_gives_the_bias():
    assert LinearModel(HEADER, WEIGHTS).outputs([seen()])[0] == pytest.approx([0.5, -0.5])
    assert LinearModel(HEADER, WEIGHTS).outputs([]).shape == (0, 2)


def test_what_is_written_is_read(tmp_path):
    save(tmp_path / "x.tsv.gz", HEADER, WEIGHTS)
    model = read(tmp_path / "x.tsv.gz")
    assert model.classes == ["a", "b"] and model.bias == [0.5, -0.5] and model.features == 4
    batch = [seen("goed", "zo", **{"e:+": 1.0}), seen("niets")]
    assert model.outputs(batch) == pytest.approx(LinearModel(HEADER, WEIGHTS).outputs(batch), abs=0.01)


def test_the_same_model_makes_the_same_file(tmp_path):
    for name in ("x", "y"):
        save(tmp_path / name, HEADER, WEIGHTS)
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_a_changed_file_is_refused(tmp_path):
    save(tmp_path / "x.tsv.gz", HEADER, WEIGHTS)
    first, _, body = gzip.decompress((tmp_path / "x.tsv.gz").read_bytes()).partition(b"\n")
    (tmp_path / "x.tsv.gz").write_bytes(gzip.compress(first + b"\n" + body.replace(b"goed", b"gped", 1)))
    with pytest.raises(ModelError, match=r"x\.tsv\.gz.*make models"):
        read(tmp_path / "x.tsv.gz")


def test_a_missing_model_is_none(tmp_path):
    assert load("nothing", tmp_path) is None


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("text.linear.REMEMBERED", 20)
    model = LinearModel(HEADER, WEIGHTS)
    before = model.outputs([seen("goed")])
    for number in range(100):
        model.outputs([seen(f"woord{number}")])
    assert len(model._places) <= 25
    assert model.outputs([seen("goed")]) == pytest.approx(before)


def test_probabilities():
    assert softmax(np.array([[0.0, 0.0], [1000.0, 0.0]])) == pytest.approx(np.array([[0.5, 0.5], [1.0, 0.0]]))
    assert logistic(np.array([0.0, -1000.0, 1000.0])) == pytest.approx([0.5, 0.0, 1.0], abs=1e-9)


def test_shipped_models_are_small_and_whole():
    files = sorted(MODELS.glob("*.tsv.gz"))
    assert {file.name.split(".")[0] for file in files} >= {"sentiment", "stage-airline", "stage-seven-stages", "language"}
    assert sum(file.stat().st_size for file in MODELS.iterdir()) < 10_000_000
    for file in files:
        assert read(file).features > 100


def test_a_fitted_model_reads_as_it_learned():
    """What LinearModel adds up equals what scikit-learn was given: bias plus value times weight over all features."""
    good, bad = seen("heel", "goed", **{"e:+": 1.0}), seen("heel", "slecht", **{"e:-": 1.0})
    fitted = fit([Example(good, "positive"), Example(bad, "negative")] * 6)
    outputs = fitted.model().outputs([good, bad])[:, 0]
    assert outputs[0] > 0 > outputs[1]
    pairs, sign = 0.7, 0.5
    by_hand = fitted.bias[0]
    for name, value in features_of(good).items():
        scale = pairs if name[0] == "b" else sign if name[0] == "s" else 1.0
        by_hand += value / scale * fitted.weights.get(name, (0.0,))[0]
    assert outputs[0] == pytest.approx(by_hand)


@given(
    st.dictionaries(
        st.sampled_from(["w:goed", "w:slecht", "l:_goe", "b:^ goed", "s:e:+", "w:één"]),
        st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
        min_size=1,
    ),
    st.lists(st.sampled_from(["goed", "slecht", "zo", "één"]), max_size=8),
)
def test_any_model_reads_as_it_was_written(weights, tokens):
    """Rounding moves an output by at most half a step per feature that the text shows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.tsv.gz"
        save(path, HEADER, weights)
        if any(any(row) for row in weights.values()):
            step = max(abs(value) for row in weights.values() for value in row) / 2047
            ours, theirs = (model.outputs([seen(*tokens)])[0] for model in (LinearModel(HEADER, weights), read(path)))
            assert theirs == pytest.approx(ours, abs=step * 4 * (len(tokens) + 1))


@pytest.mark.parametrize("form", [0, 2, None, "1"])
def test_a_file_of_another_format_is_refused(tmp_path, form):
    save(tmp_path / "x.tsv.gz", HEADER, WEIGHTS)
    first, _, body = gzip.decompress((tmp_path / "x.tsv.gz").read_bytes()).partition(b"\n")
    changed = json.dumps(json.loads(first) | {"format": form}).encode()
    (tmp_path / "x.tsv.gz").write_bytes(gzip.compress(changed + b"\n" + body))
    with pytest.raises(ModelError, match=f"format {form!r}"):
        read(tmp_path / "x.tsv.gz")
