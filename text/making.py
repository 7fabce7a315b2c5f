"""Makes everything that ships under text/models and the merged Dutch lexicon: `make models`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from text import encoding, lexicon, lists, training
from text.cleaning import clean
from text.corpora import Message, customers, messages
from text.features import see
from text.linear import read
from text.measures import macro_f1
from text.sentiment import LABELS, probabilities


def make_models(leave_out: str | None = None, lists_too: bool = False) -> Iterator[str]:
    """Make the models and say what was made, line by line.

    With `leave_out` (a pattern of message files) nothing is written: models are trained without those files and
    measured on them. With `lists_too` the lists of names and words and the word vectors are made anew first.
    """
    if lists_too:
        yield f"lexicon: {lexicon.write()} words"
        yield f"lists: {lists.write()}"
        yield f"word vectors: {encoding.write()}"
    everything = [*messages(), *customers()]
    if leave_out is None:
        yield f"models: {training.write_models(everything)}"
        return
    train = [m for m in everything if not fnmatch(m.group, leave_out)]
    test = [m for m in everything if fnmatch(m.group, leave_out)]
    with TemporaryDirectory() as folder:
        training.write_models(train, Path(folder))
        yield f"trained on {len(train)}, measured on {len(test)}: {_measure(test, Path(folder))}"


def _measure(test: list[Message], folder: Path) -> dict[str, float]:
    seen = [see(clean(m.text), m.language) for m in test]
    chances = probabilities(seen, read(folder / "sentiment.tsv.gz"))
    stages = read(folder / "stage-seven-stages.tsv.gz")
    placed = [stages.classes[place] for place in stages.outputs(seen).argmax(axis=1)]
    return {
        "sentiment macro-F1": macro_f1([m.sentiment for m in test], [LABELS[p] for p in chances.argmax(axis=1)]),
        "stage macro-F1 (model alone)": macro_f1([m.stage for m in test], placed),
    }
