"""How much of what identifies people the masks catch, and how much they take away beside."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from text.masking import Found, find, strict_mask

PART = re.compile(r"[^\W_]+")
TELLING = 3
PARTICLES = frozenset(["van", "von", "der", "den", "ten", "ter", "het", "fam", "mrs"])
Row = dict[str, Any]


def masking_report(rows: Sequence[Row]) -> Row:
    """Recall per type for the ordinary mask, false spans per 100 messages, and leaks and losses of the strict mask.

    `whole`: every letter and digit of the identifier is covered. `no_part_left`: no part of three or more letters or
    digits of it (particles as van and der apart) stands uncovered where it stood (ordinary), or anywhere in the text (strict).
    """
    totals: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    clear: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for row in rows:
        found = find(row["text"])
        for kind, covered, part_left in _judge(row, found):
            totals[kind] += 1
            whole[kind] += covered
            clear[kind] += not part_left
        false.update(one.type for one in found if not _is_real(row, one))
    ordinary = {
        kind: {"n": n, "whole": round(whole[kind] / n, 4), "no_part_left": round(clear[kind] / n, 4)}
        for kind, n in sorted(totals.items())
    }
    structured = [kind for kind in totals if kind != "name"]
    return {
        "n": len(rows),
        "identifiers": sum(totals.values()),
        "ordinary": ordinary,
        "structured_recall": _share(sum(whole[k] for k in structured), sum(totals[k] for k in structured)),
        "name_recall": _share(whole["name"], totals["name"]),
        "false_per_100": round(100 * sum(false.values()) / len(rows), 2),
        "false_by_type": dict(false.most_common()),
        "strict": _strict_report(rows),
    }


def _strict_report(rows: Sequence[Row]) -> Row:
    shown, unreadable, leaks = 0, 0, defaultdict(int)
    for row in rows:
        text = strict_mask(row["text"], row.get("lang") or "nl")
        shown += text is not None
        left = set(PART.findall((text or "").lower()))
        for item in row["pii"]:
            leaked = any(part in left for part in _parts(item["value"]))
            unreadable += not leaked
            leaks[item["type"]] += leaked
    total = sum(len(row["pii"]) for row in rows)
    return {
        "unreadable": _share(unreadable, total),
        "leaks_by_type": {kind: n for kind, n in leaks.items() if n},
        "lost": round(1 - shown / len(rows), 4),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _parts(value: str) -> list[str]:
    return [part for part in PART.findall(value.lower()) if len(part) >= TELLING and part not in PARTICLES]


def _places(text: str, value: str) -> Iterator[tuple[int, int]]:
    start = text.find(value)
    while start >= 0:
        yield start, start + len(value)
        start = text.find(value, start + 1)


def _judge(row: Row, found: list[Found]) -> Iterator[tuple[str, bool, bool]]:
    """(type, wholly covered, some telling part left) for each identifier of a row, over all places it stands."""
    covered = {i for one in found for i in range(one.start, one.end)}
    for item in row["pii"]:
        bare = [
            "".join(char if i not in covered else " " for i, char in enumerate(row["text"][start:end], start))
            for start, end in _places(row["text"], item["value"])
        ]
        yield item["type"], not any(map(_has_sign, bare)), any(_parts(rest) for rest in bare)


def _has_sign(rest: str) -> bool:
    return any(char.isalnum() for char in rest)


def _is_real(row: Row, one: Found) -> bool:
    spans = [span for item in row["pii"] for span in _places(row["text"], item["value"])]
    return any(one.start < end and one.end > start for start, end in spans)
