"""Survey questions drawn from the journey: its weakest stages and its promises, seven at most, each with where it came from."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from metrics.evidence import TOO_FEW
from metrics.weekly import Week
from reports.names import Names
from reports.sheets import harmless
from store.people.promises import Promise

MOST = 7
WEAK = 3
PROMISED = 3
SCALES = {"nps": (0, 10), "ces": (1, 7), "ces5": (1, 5), "csat": (1, 5)}  # the others: a report mark, 1-10


@dataclass(frozen=True, slots=True)
class Question:
    """One question on the scale of its kind (or open), the id that its answers are read back by, and what it was drawn from."""

    id: str
    text: str
    kind: str
    stage: str
    traced: str


def questions(card: Week, promises: list[Promise], names: Names) -> list[Question]:
    """Experience of the weakest stages, expectation where promises reach furthest, the goal, and one open question."""
    t = names.t
    measured = [row for row in card.rows if row.status != TOO_FEW]
    gap = {row.stage: row.gap.value if row.gap else row.mark.value - 10 for row in measured}
    weak = sorted(measured, key=lambda row: gap[row.stage])[:WEAK]
    out = []
    for row in weak:
        stage = names.stage(row.stage)
        why = t("survey.from_weak", mark=t.number(row.mark.value))
        own = names.journey.stage(row.stage).question.get(t.code)
        text = t("survey.marked", question=own) if own else t("survey.lived", stage=stage)
        out.append(Question(f"{row.stage}_csat10", text, "csat10", row.stage, why))
    loudest = sorted(promises, key=lambda promise: -promise.reach * promise.emphasis)[:PROMISED]
    for promise in loudest:
        text = t("survey.expected", promise=promise.text(t.code))
        out.append(Question(f"{promise.stage}_expectation_{promise.code}", text, "expectation", promise.stage, promise.code))
    goal = _goal(names)
    out = [*out[: MOST - 1 - len(goal)], *goal]
    open_at = weak[0].stage if weak else card.rows[0].stage
    out.append(Question("idea", t("survey.idea", stage=names.stage(open_at)), "open", open_at, t("survey.from_idea")))
    return out


def _goal(names: Names) -> list[Question]:
    """The goal's own question, on the scale of its metric; the ranking needs customers who answered it. None when not asked."""
    metric, t = names.journey.goal_metric, names.t
    if not t.has(f"survey.goal_{metric}"):
        return []
    company = names.journey.company.get(t.code) or t("survey.us")
    return [Question(metric, t(f"survey.goal_{metric}", company=company), metric, "", t("survey.from_goal"))]


def as_csv(asked: list[Question]) -> str:
    """The questions as CSV: id, text, kind, stage, where from. Text that could become a formula is neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["id", "text", "kind", "stage", "from"])
    writer.writerows([[harmless(part) for part in (q.id, q.text, q.kind, q.stage, q.traced)] for q in asked])
    return out.getvalue()


def as_surveyjs(asked: list[Question], title: str) -> str:
    """The questions as a SurveyJS form (JSON), an open format that several survey tools import."""
    elements = [_element(question) for question in asked]
    return json.dumps({"title": title, "pages": [{"name": "klantblik", "elements": elements}]}, ensure_ascii=False, indent=1)


def _element(question: Question) -> dict:
    if question.kind == "open":
        return {"type": "comment", "name": question.id, "title": question.text}
    low, high = SCALES.get(question.kind, (1, 10))
    scale = {"rateMin": low, "rateMax": high, "rateCount": high - low + 1}
    return {"type": "rating", "name": question.id, "title": question.text, **scale}
