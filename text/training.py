"""Trains what ships: `python -m text models`. Every figure it prints is cross-validated or on a file left out.

Sentiment is two questions, asked apart: does the text carry feeling at all (learned from messages), and which (learned
from messages, film lines and the lexicons, of which the last two do not know what neutral is). The answer to the
second, learned from film lines and lexicons alone, is one more sign for the models of messages; all of it is added up
into one linear model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from text.cleaning import clean
from text.corpora import Message, lexicon, subtitles, written
from text.features import see
from text.language_training import train_language
from text.learning import Example, Fitted, fit
from text.linear import MODELS, save
from text.meanings import load_meanings
from text.stacking import oriented, side_by_side, with_base, written_out

PROVENANCE = "messages of this project; XED (CC BY 4.0); lexicons and word vectors (MIT) of docs/models.md"
STAGE_STRENGTH = 1.0
STYLES = ("books", "tables", "politics", "tweets")
LEXICON_WEIGHT = {"feel": 0.3, "side": 0.1}


def train_sentiment(train: Sequence[Message], feel: Fitted) -> Fitted:
    """One model of two outputs: log-odds of 'felt' (against neutral) and of 'positive' (against negative)."""
    base, meanings = feel.model(), load_meanings()
    everything = [*train, *(message for style in STYLES for message in written(style))]
    asked = {
        "felt": _examples(everything, _felt),
        "positive": [*_examples(everything, _side), *lexicon(LEXICON_WEIGHT["side"])],
    }
    heads = {name: fit(with_base(some, base), balanced=True, meanings=meanings) for name, some in asked.items()}
    return side_by_side([oriented(written_out(head, base), name) for name, head in heads.items()], list(heads))


def train_feel() -> Fitted:
    """Positive against negative, from film lines and lexicons only."""
    return fit([*subtitles(), *lexicon(LEXICON_WEIGHT["feel"])], strength=1.0)


def train_stages(train: Sequence[Message], field: str = "stage") -> Fitted:
    """The stage of a message, from the messages that have one in `field` ('stage' or 'airline_stage')."""
    labelled = [Example(see(clean(m.text), m.language), getattr(m, field)) for m in train if getattr(m, field)]
    return fit(labelled, STAGE_STRENGTH, balanced=True, meanings=load_meanings())


def write_models(train: Sequence[Message], folder: Path = MODELS) -> dict[str, int]:
    """Train and write every model; returns how many features each holds."""
    made = {
        "sentiment": train_sentiment(train, train_feel()),
        "stage-seven-stages": train_stages(train),
        "stage-airline": train_stages(train, "airline_stage"),
        "language": train_language(),
    }
    for name, fitted in made.items():
        write(name, fitted, folder)
    return {name: len(fitted.weights) for name, fitted in made.items()}


def write(name: str, fitted: Fitted, folder: Path = MODELS) -> None:
    """Write one fitted model as text/models/NAME.tsv.gz."""
    header = {"task": name, "classes": fitted.classes, "bias": fitted.bias, "provenance": PROVENANCE}
    save(folder / f"{name}.tsv.gz", header, fitted.weights)


def _felt(message: Message) -> str:
    return "neutral" if message.sentiment == "neutral" else "felt" if message.sentiment else ""


def _side(message: Message) -> str:
    return message.sentiment if message.sentiment in ("positive", "negative") else ""


def _examples(train: Sequence[Message], label: Callable[[Message], str]) -> list[Example]:
    return [Example(see(clean(m.text), m.language), label(m)) for m in train if label(m)]
