"""Speed of text/: the rule engine against vaderSentiment on the same texts, and the whole chain in batches.

`python -m benchmarks text`. Texts are the messages of text/data. CPU seconds of this process; ratios are of one run.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

from config.journey import load_journey
from text.corpora import DATA, subtitles_text
from text.engine import RuleEngine
from text.evaluate import read_rows
from text.features import see
from text.language import detect_all
from text.masking import mask
from text.sentiment import score_all
from text.stages import Placer
from text.themes import themes_of
from text.words import load_words

BATCH = 500
ROUNDS = 3


def main(arguments: list[str] | None = None) -> int:
    """Print texts per CPU-second of each part and of the whole chain, the engine's ratio to VADER, and peak memory."""
    rows = [row for path in sorted(DATA.glob("messages_*.jsonl.gz")) for row in read_rows(path)]
    texts = [row["text"] for row in rows]
    english = [text for text, language in subtitles_text(6000) if language == "en"]
    english += [row["text"] for row in rows if row["lang"] == "en"]
    print(f"rule engine against vaderSentiment, {len(english)} English texts: {_engine_ratio(english):.2f} times its speed")
    for name, rate in _chain(texts).items():
        print(f"{name:<10} {rate:>9,.0f} texts per CPU-second")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return 0


def _engine_ratio(texts: list[str]) -> float:
    """CPU time of vaderSentiment over that of our engine, alternating in slices so that both meet the same machine."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    theirs, ours = SentimentIntensityAnalyzer(), RuleEngine(load_words("en"))
    spent = [0.0, 0.0]
    for _ in range(ROUNDS):
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            spent[0] += _cpu(lambda part=part: [theirs.polarity_scores(text) for text in part])
            spent[1] += _cpu(lambda part=part: [ours.polarity(text) for text in part])
    return spent[0] / spent[1]


def _chain(texts: list[str]) -> dict[str, float]:
    """Texts per CPU-second: each step on the masked texts in batches, and all together, once words have been met."""
    journey = load_journey("seven-stages")
    placer = Placer(journey)
    _run(texts, placer, journey, {})
    spent: dict[str, float] = {}
    for _ in range(ROUNDS):
        see.cache_clear()
        for start in range(0, len(texts), BATCH):
            _run(texts[start : start + BATCH], placer, journey, spent)
    done = ROUNDS * len(texts)
    rates = {name: done / seconds for name, seconds in spent.items()}
    return rates | {"all": done / sum(spent.values())}


def _run(texts: list[str], placer: Placer, journey: object, spent: dict[str, float]) -> None:
    found: dict[str, list] = {}

    def step(name: str, work: Callable[[], list]) -> list:
        spent[name] = spent.get(name, 0.0) + _cpu(lambda: found.update({name: work()}))
        return found[name]

    masked = [one.text for one in step("mask", lambda: [mask(text) for text in texts])]
    hints: list[str | None] = [None] * len(texts)
    languages = [one.code for one in step("language", lambda: detect_all(masked, hints))]
    step("sentiment", lambda: score_all(masked, languages))
    step("stage", lambda: placer.place_all(masked, languages, hints))
    step("themes", lambda: themes_of(masked, languages, journey))  # pyright: ignore[reportArgumentType]


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
