"""Training: the company's own models, learned from its people's corrections and kept only when they read better."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.learned import SENTIMENT, stage_name
from ingest.opening import Place, now_ms
from store.models import keep_model
from store.people import corrections
from text.company import Correction, Learned, learn_sentiment, learn_stage
from text.linear import save
from text.training import PROVENANCE

FIGURES = ("labels", "held_out", "before", "after", "held_before", "held_after", "reason")
TASKS = 2


def train(place: Place, heard: Callable[[int, int], bool] = lambda _done, _total: True) -> dict[str, dict[str, Any]]:
    """Learn sentiment and stages anew from all corrections; per task what came of it, with macro-F1 before and after.

    A better model reads every message from now on, in this process at once; history is read by it at the next rescore.
    """
    journey = place.journey.id
    heard(0, TASKS)
    found = {SENTIMENT: learn_sentiment(_lessons(place, corrections.SENTIMENT))}
    _keep(place, SENTIMENT, found[SENTIMENT])
    if heard(1, TASKS):
        found["stage"] = learn_stage(_lessons(place, corrections.STAGE), journey)
        _keep(place, stage_name(journey), found["stage"])
    place.learned.refresh(place.engine, journey)
    heard(TASKS, TASKS)
    return {task: _said(learned) for task, learned in found.items()}


def _lessons(place: Place, field: str) -> list[Correction]:
    return [Correction(*lesson) for lesson in corrections.lessons(place.engine, field, place.journey.id)]


def _keep(place: Place, name: str, learned: Learned) -> None:
    if learned.model is None:
        return
    fitted = learned.model
    header = {"task": name, "classes": fitted.classes, "bias": fitted.bias}
    header |= {"provenance": f"{PROVENANCE}; {learned.labels} corrections by people of this company"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.tsv.gz"
        save(path, header, fitted.weights)
        keep_model(place.engine, name, path.read_bytes(), now_ms())


def _said(learned: Learned) -> dict[str, Any]:
    figures = {name: getattr(learned, name) for name in FIGURES}
    return figures | {"kept": learned.model is not None}
