"""Training what ships, on a handful of messages: each model answers its question and stands in a file of its own."""

import numpy as np
import pytest

from text import training
from text.cleaning import clean
from text.corpora import Message
from text.features import see
from text.learning import Example, fit
from text.linear import read
from text.meanings import Meanings
from text.sentiment import LABELS, probabilities, score_all
from text.training import train_feel, train_sentiment, train_stages, write_models

SAID = {
    "negative": ["geen antwoord, waardeloos", "al weken wachten, schandalig", "kapot en niemand helpt"],
    "neutral": ["hoe laat gaat de winkel open", "kan ik pinnen bij de balie", "wat kost een retour"],
    "positive": ["top geholpen, dank", "wat een fijne service", "snel geregeld, geweldig"],
}
STAGES = {"negative": "question", "neutral": "orientation", "positive": "use"}
TRAIN = [
    Message(text, "nl", label, STAGES[label], "service" if label == "negative" else "", "messages_a")
    for label, texts in SAID.items()
    for text in texts
] * 6


@pytest.fixture
def small(monkeypatch):
    """Corpora of a few lines: film lines, lexicon, styles and word vectors."""

    def feeling():
        for text, label in (("wat mooi", "positive"), ("ik haat je", "negative")) * 3:
            yield Example(see(text, "nl"), label)

    monkeypatch.setattr(training, "subtitles", feeling)
    monkeypatch.setattr(training, "lexicon", lambda weight: [Example(see("prachtig", "nl"), "positive", weight)] * 3)
    monkeypatch.setattr(training, "written", lambda style: [Message("saai boek", "nl", "negative", "", "", "books_nl")] * 2)
    vectors = Meanings({"geholpen": 0, "gezellig": 1}, np.array([[1.0], [1.0]], dtype=np.float32))
    monkeypatch.setattr(training, "load_meanings", lambda: vectors)


def label_of(model, text):
    return LABELS[int(probabilities([see(clean(text), "nl")], model).argmax())]


def test_feel_knows_which_way(small):
    fitted = train_feel()
    assert set(fitted.classes) == {"negative", "positive"} and len(fitted.bias) == 1
    outputs = fitted.model().outputs([see("wat mooi", "nl"), see("ik haat je", "nl")])[:, 0]
    assert (outputs[0] - outputs[1]) * (1 if fitted.classes[1] == "positive" else -1) > 0


def test_sentiment_has_two_answers_in_one_model(small):
    model = train_sentiment(TRAIN, train_feel()).model()
    assert model.classes == ["felt", "positive"]
    for label, texts in SAID.items():
        assert [label_of(model, text) for text in texts] == [label] * 3


def test_the_outputs_point_the_way_their_names_say(small):
    """Whatever order scikit-learn gives the classes: more of 'felt' is more feeling, more of 'positive' is better."""
    model = train_sentiment(TRAIN, train_feel()).model()
    felt, positive = model.outputs([see(text, "nl") for text in ("waardeloos", "hoe laat", "geweldig")]).T
    assert felt[1] < min(felt[0], felt[2]) and positive[0] < positive[2]


def test_words_of_the_vectors_and_of_film_lines_get_a_weight(small):
    weights = train_sentiment(TRAIN, train_feel()).weights
    assert weights["w:gezellig"][1] > 0 and "w:mooi" in weights


def test_a_message_without_a_label_is_left_out(small):
    unlabelled = [message._replace(sentiment="", text="onzin onzin") for message in TRAIN]
    assert train_sentiment(TRAIN, train_feel()) == train_sentiment([*TRAIN, *unlabelled], train_feel())


def test_stages_follow_the_field(small):
    general, airline = (
        train_stages(TRAIN),
        train_stages([*TRAIN, Message("vertraagd", "nl", "", "", "fly", "x")] * 2, "airline_stage"),
    )
    assert general.classes == ["orientation", "question", "use"]
    assert airline.classes == ["fly", "service"]
    places = general.model().outputs([see(clean(text), "nl") for text in ("hoe laat open", "wachten", "snel geregeld")])
    assert [general.classes[place] for place in places.argmax(axis=1)] == ["orientation", "question", "use"]


def test_accounts_and_tokens_are_not_learned(small):
    named = [message._replace(text=f"@klm {message.text} [NAAM]") for message in TRAIN]
    assert not {"w:klm", "w:naam"} & train_stages(named).weights.keys()


def test_every_model_is_written(small, monkeypatch, tmp_path):
    known = [Example(see("ja", "nl"), "nl"), Example(see("yes", "en"), "en")] * 3
    monkeypatch.setattr(training, "train_language", lambda: fit(known))
    sizes = write_models([*TRAIN, Message("vertraagd", "nl", "negative", "use", "fly", "x")] * 2, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.tsv.gz" for name in sizes}
    for name, size in sizes.items():
        model = read(tmp_path / f"{name}.tsv.gz")
        assert 0 < model.features <= size and model.header["task"] == name and "CC BY 4.0" in model.header["provenance"]
    sentiment = read(tmp_path / "sentiment.tsv.gz")
    assert score_all(["waardeloos, geen antwoord"], ["nl"], model=sentiment)[0].score < 0


def test_the_same_messages_make_the_same_files(small, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        training.write("stage", train_stages(TRAIN), tmp_path / name)
    assert (tmp_path / "a" / "stage.tsv.gz").read_bytes() == (tmp_path / "b" / "stage.tsv.gz").read_bytes()
