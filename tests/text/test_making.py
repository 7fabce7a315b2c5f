"""`python -m text models`: writes everything, or with --leave-out nothing but a figure on what was left out."""

import pytest

from text import making
from text.__main__ import main
from text.corpora import Message
from text.learning import Fitted
from text.making import make_models

GOOD, BAD = "heel goed geholpen", "waardeloos, geen antwoord"
TRAIN = [
    Message(GOOD, "nl", "positive", "use", "", "messages_a"),
    Message(BAD, "nl", "negative", "question", "", "messages_a"),
]
TEST = [message._replace(group="messages_dev") for message in TRAIN]
SENTIMENT = Fitted(["felt", "positive"], [5.0, 0.0], {"w:goed": (0.0, 9.0), "w:waardeloos": (0.0, -9.0)})
STAGE = Fitted(["question", "use"], [0.0, 0.0], {"w:goed": (-5.0, 5.0), "w:waardeloos": (5.0, -5.0)})


@pytest.fixture
def trained(monkeypatch):
    """What each training was given and where it was told to write; models are made by hand."""
    from text import training

    calls = []

    def write_models(train, folder=making.training.MODELS):
        calls.append((list(train), folder))
        if folder != training.MODELS:
            training.write("sentiment", SENTIMENT, folder)
            training.write("stage-seven-stages", STAGE, folder)
        return {"sentiment": 2}

    monkeypatch.setattr(making, "messages", lambda: TRAIN + TEST)
    monkeypatch.setattr(making, "customers", lambda: [TRAIN[0]._replace(group="customers_xx")])
    monkeypatch.setattr(making.training, "write_models", write_models)
    return calls


def test_everything_is_trained_on_and_written(trained):
    assert list(make_models()) == ["models: {'sentiment': 2}"]
    ((train, folder),) = trained
    assert len(train) == 5 and folder == making.training.MODELS


def test_what_is_left_out_is_measured_and_nothing_is_written(trained):
    (line,) = make_models("messages_dev")
    ((train, folder),) = trained
    assert {message.group for message in train} == {"messages_a", "customers_xx"}
    assert folder != making.training.MODELS and not folder.exists()
    assert line == "trained on 3, measured on 2: {'sentiment macro-F1': 1.0, 'stage macro-F1 (model alone)': 1.0}"


def test_the_figure_falls_with_the_model(trained, monkeypatch):
    turned = [message._replace(sentiment="positive", stage="use") for message in TEST]
    monkeypatch.setattr(making, "messages", lambda: TRAIN + turned)
    (line,) = make_models("messages_dev")
    assert "'sentiment macro-F1': 0.6667" in line and "'stage macro-F1 (model alone)': 0.6667" in line


def test_a_pattern_leaves_several_files_out(trained):
    list(make_models("messages_*"))
    assert {message.group for message in trained[0][0]} == {"customers_xx"}


def test_lists_are_made_first(trained, monkeypatch):
    order = []
    monkeypatch.setattr(making.lexicon, "write", lambda: order.append("lexicon") or 7)
    monkeypatch.setattr(making.lists, "write", lambda: order.append("lists") or {"names": 8})
    monkeypatch.setattr(making.encoding, "write", lambda: order.append("vectors") or 9)
    said = list(make_models(lists_too=True))
    assert order == ["lexicon", "lists", "vectors"] and len(trained) == 1
    assert said[:3] == ["lexicon: 7 words", "lists: {'names': 8}", "word vectors: 9"]


def test_the_command_says_what_was_made(trained, capsys):
    assert main(["models", "--leave-out", "messages_dev"]) == 0
    assert capsys.readouterr().out.startswith("trained on 3, measured on 2")


def test_an_unknown_verb_is_refused(capsys):
    with pytest.raises(SystemExit) as fault:
        main(["train"])
    assert fault.value.code == 2 and "invalid choice" in capsys.readouterr().err
