"""The departments that take turns at the meeting, those far from the customer included."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Engine

from store.people.errors import Refused
from store.people.facts import get_fact, set_fact

FACT = "departments"
DEFAULT = ("service", "marketing", "sales", "operations", "it", "finance", "hr", "administration", "management", "trainee")
MOST, LONGEST = 40, 60


def departments(engine: Engine) -> list[str]:
    """The company's departments in the order entered: ids of the default list, or names of its own."""
    return list(json.loads(get_fact(engine, FACT) or "null") or DEFAULT)


def set_departments(engine: Engine, names: Sequence[str], who: str, now_ms: int) -> list[str]:
    """Keep the list and return it without blanks and doubles; Refused when empty, over 40, or with a name over 60 letters."""
    kept = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not 1 <= len(kept) <= MOST:
        raise Refused(f"departments: found {len(kept)}, expected 1 to {MOST}. Write one on each line.", what="departments")
    for name in kept:
        if len(name) > LONGEST:
            raise Refused(f"department: found {name!r}, expected at most {LONGEST} letters. Shorten it.", what="departments")
    set_fact(engine, FACT, json.dumps(kept, ensure_ascii=False), who, now_ms)
    return kept
