"""Who says to leave: the theme `leaving` on sentences its rules were made with, and on others written before they were tried."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from config.journey import load_journey
from text.themes import themes_of

SENTENCES = Path(__file__).with_name("leaving.tsv")
JOURNEYS = ("airline", "five-stages", "seven-stages")
# Measured when the rules were made; the held-out part is never used to write one.
FLOORS = {"develop": (0.95, 0.95), "held": (0.9, 0.6)}


def sentences(part: str) -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf8") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["part"] == part]


def measured(part: str, journey: str) -> tuple[float, float, list[str]]:
    """Precision and recall (0-1) on a part, and the sentences that were read wrongly."""
    rows = sentences(part)
    found = themes_of([row["text"] for row in rows], [row["language"] for row in rows], load_journey(journey))
    said, meant = ["leaving" in themes for themes in found], [row["leaves"] == "1" for row in rows]
    both = sum(a and b for a, b in zip(said, meant, strict=True))
    wrong = [row["text"] for row, a, b in zip(rows, said, meant, strict=True) if a != b]
    return both / max(1, sum(said)), both / sum(meant), wrong


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.parametrize("part", sorted(FLOORS))
def test_leaving_is_found_and_little_else(part, journey):
    precision, recall, wrong = measured(part, journey)
    print(f"{part} {journey}: precision {precision:.2f}, recall {recall:.2f}; wrong: {wrong}")
    least_precision, least_recall = FLOORS[part]
    assert precision >= least_precision and recall >= least_recall, wrong


def test_the_sentences_are_enough_and_of_both_languages():
    for part in FLOORS:
        rows = sentences(part)
        assert len(rows) >= 36
        for language in ("nl", "en"):
            meant = [row["leaves"] for row in rows if row["language"] == language]
            assert meant.count("1") >= 8 and meant.count("0") >= 8
    texts = [row["text"] for part in FLOORS for row in sentences(part)]
    assert len(texts) == len(set(texts))


def test_moving_to_a_rival_is_no_change_of_planes():
    moves, changes = "Ik denk na over overstappen naar Zuidwind, die is goedkoper", "Twee keer overstappen, aansluiting gemist"
    found = themes_of([moves, changes], ["nl", "nl"], load_journey("airline"))
    assert "leaving" in found[0] and "price" in found[0] and "connection" not in found[0]
    assert "connection" in found[1] and "leaving" not in found[1]
