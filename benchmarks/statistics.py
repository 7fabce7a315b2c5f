"""Whether the statistics keep their word: seeded simulations of what each rule promises, the target beside each figure.

`python -m benchmarks statistics [--json]` runs all of it in a few minutes on one core.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.figures import Ratio, show
from benchmarks.planted import PLANTS, advise_all, company, lowest_first_is_right, right
from metrics.alarm_baseline import fit_alarm_baseline
from metrics.effect import SHOWN, effect
from metrics.evidence import n_min
from metrics.ewma import Chart, chart_for, follow
from metrics.gain import slopes
from metrics.importance import johnson
from metrics.intervals import bounded_mean, wilson
from metrics.scorecard import scorecard
from metrics.verdict import BROKEN, Z_DAY, Z_MONTH, hard_verdict

SEED = 20261125
POPULATIONS: dict[str, tuple[list[float], list[float]]] = {
    "usual, marks 1-10": ([3, 4, 5, 6, 7, 8, 9, 10], [0.03, 0.05, 0.10, 0.15, 0.25, 0.25, 0.12, 0.05]),
    "very good, stars": ([1, 5.5, 7.75, 10], [0.02, 0.06, 0.22, 0.70]),
    "split, stars": ([1, 3.25, 7.75, 10], [0.40, 0.10, 0.10, 0.40]),
    "flat, marks 1-10": (list(range(1, 11)), [0.1] * 10),
    "poor, ease 1-7": ([1, 2.5, 4, 5.5, 7], [0.35, 0.25, 0.2, 0.15, 0.05]),
}
NARROW: tuple[list[float], list[float]] = ([4, 5, 6, 7, 8, 9], [0.05, 0.10, 0.25, 0.35, 0.20, 0.05])
SIZES = (8, 10, 15, 20, 30, 50, 100)


def main(arguments: Sequence[str] = ()) -> int:
    """Run every simulation (or those named), print the table, and say which targets were met."""
    chosen = [name for name in arguments if not name.startswith("-")] or list(SIMULATIONS)
    lines, ratios = [], []
    for name in chosen:
        started = time.perf_counter()
        found = SIMULATIONS[name]()
        took = time.perf_counter() - started
        ratios += [ratio for ratio in found if not _only_beside(ratio)]
        lines += [_line(name, ratio, took) for ratio in found]
    return show("statistics", lines, ratios)


def coverage(draws: int = 20000) -> list[Ratio]:
    """Coverage of B3 over five populations and seven sizes: the least and the most of the 35."""
    rng = np.random.default_rng(SEED)
    rates = [_covered(rng, marks, p, n, draws) for marks, p in POPULATIONS.values() for n in SIZES]
    return [
        Ratio("B3 coverage, least of 35", min(rates), 0.925),
        Ratio("B3 coverage, most of 35", max(rates), 0.98, at_least=False),
        Ratio("(B3, marks of sd 1.2 only, n 8)", _covered(rng, *NARROW, 8, draws), 1.0, at_least=False),
    ]


def verdicts() -> list[Ratio]:
    """How often a promise kept exactly is called broken at one look: exact, over shares and numbers of cases, the worst."""
    from scipy.stats import binom

    worst = {Z_MONTH: 0.0, Z_DAY: 0.0}
    plain = 0.0
    for pi in (0.80, 0.90, 0.95, 0.98):
        for n in (35, 50, 73, 127, 189, 250, 400, 800):
            kept = np.arange(n + 1)
            chance = binom.pmf(kept, n, pi)
            for z in worst:
                broken = [k for k in kept[chance > 1e-9] if hard_verdict(int(k), n, pi, z=z).verdict == BROKEN]
                worst[z] = max(worst[z], float(chance[broken].sum()))
            if n >= n_min(pi):
                plain = max(plain, float(chance[wilson(kept, np.full(n + 1, n)).high < pi].sum()))
    return [
        Ratio("false 'broken', month look, worst", worst[Z_MONTH], 0.025, at_least=False),
        Ratio("false 'broken', day look, worst", worst[Z_DAY], 0.005, at_least=False),
        Ratio("(Wilson alone, worst, for comparison)", plain, 1.0, at_least=False),
    ]


def change_effects(runs: int = 1000, planted: int = 200) -> list[Ratio]:
    """Changes that changed nothing (A/A) with trend, weekday and season, and changes of half a mark at 400 answers a week."""
    rng = np.random.default_rng(SEED)
    false = [_one_change(rng, 0.0) == SHOWN for _ in range(runs)]
    true = [_one_change(rng, 0.5) == SHOWN for _ in range(planted)]
    alone = [_one_change(rng, 0.0, controls=0) == SHOWN for _ in range(runs // 4)]
    return [
        Ratio(f"A/A called shown, {runs} changes", float(np.mean(false)), 0.06, at_least=False),
        Ratio(f"A/A called shown without controls, {runs // 4}", float(np.mean(alone)), 0.06, at_least=False),
        Ratio(f"half a mark found, {planted} changes", float(np.mean(true)), 0.80),
    ]


def priorities(runs: int = 1000) -> list[Ratio]:
    """How often the truly best of six correlated stages is ranked first: n 800, correlation .75, effects uneven or much alike."""
    rng = np.random.default_rng(SEED)
    uneven = np.array([_one_ranking(rng, 800, 0.75) for _ in range(runs)]).mean(0)
    alike = np.array([_one_ranking(rng, 800, 0.75, alike=True) for _ in range(runs)]).mean(0)
    return [
        Ratio(f"best stage first, non-negative ridge, {runs} runs", float(uneven[0]), 0.75),
        Ratio("lead over correlation x gap", float(uneven[0] - uneven[1]), 0.10),
        Ratio("lead over Johnson share x gap", float(uneven[0] - uneven[2]), 0.0),
        Ratio("(effects much alike: best stage first)", float(alike[0]), 0.0),
        Ratio("  lead over correlation x gap", float(alike[0] - alike[1]), 0.10),
    ]


def alarms(runs: int = 150, weeks: int = 24) -> list[Ratio]:
    """False alarms of tiles on over-dispersed shares (p .95), against one in 1000 updates, after 8 weeks of baseline."""
    rng, chart, ratios = np.random.default_rng(SEED), chart_for(1000), []
    for rho, n in ((0.02, 31), (0.02, 100), (0.05, 31), (0.05, 100)):
        counts = np.sum([_one_tile(rng, chart, weeks, rho, n) for _ in range(runs)], axis=0) / (runs * weeks * 84 / 1000)
        ratios.append(Ratio(f"false alarms over budget, correlation {rho}, {n} an hour", float(counts[0]), 1.25, at_least=False))
        ratios.append(Ratio("  and not below", float(counts[0]), 0.75))
        ratios.append(Ratio("  (over-dispersion ignored)", float(counts[1]), 99.0, at_least=False))
    return ratios


def advice(companies: int = 300) -> list[Ratio]:
    """Advice on planted companies: right on all six promises, against raising the lowest mark first."""
    rng = np.random.default_rng(SEED)
    outcomes = []
    for i in range(companies):
        one = company(rng, PLANTS[i % len(PLANTS)])
        outcomes.append((right(one, advise_all(one, rng)), lowest_first_is_right(one)))
    ours, lowest = np.mean(outcomes, axis=0)
    return [
        Ratio(f"advice right, {companies} companies", float(ours), 0.85),
        Ratio("lead over lowest first", float(ours - lowest), 0.25),
    ]


def speed(repeats: int = 9) -> list[Ratio]:
    """The whole scorecard, 7 stages x 6 channels x 5 segments x 52 weeks x 8 metrics, from rollup columns: CPU milliseconds."""
    rows = _rollup(np.random.default_rng(SEED))
    times = []
    for _ in range(repeats):
        started = time.process_time()
        scorecard(rows)
        times.append(1000 * (time.process_time() - started))
    return [Ratio(f"scorecard of {len(rows['n']):,} rollup rows, CPU ms", float(np.median(times)), 150.0, at_least=False)]


def _covered(rng: np.random.Generator, marks: list[float], p: list[float], n: int, draws: int) -> float:
    truth, x = float(np.dot(marks, p)), rng.choice(marks, p=p, size=(draws, n))
    shown = bounded_mean(np.full(draws, n), np.full(draws, n), x.sum(1), (x * x).sum(1))
    return float(((shown.low <= truth) & (truth <= shown.high)).mean())


def _one_change(rng: np.random.Generator, size: float, before: int = 52, after: int = 8, controls: int = 3) -> str:
    """One change: daily marks with trend, weekday, season and shared weekly weather, summed to weeks of about 400 answers."""
    days, cells = 7 * (before + after), 1 + controls
    t = np.arange(days)
    shape = rng.normal(0, 0.3) * t / days + 0.2 * np.sin(2 * np.pi * t / 365 + rng.uniform(0, 6)) + 0.15 * np.isin(t % 7, (5, 6))
    weather = np.repeat(rng.normal(0, 0.05, before + after), 7)
    level = 7 + rng.uniform(0.7, 1.3, (cells, 1)) * (shape + weather)
    level[0] += size * (t >= 7 * before)
    n = rng.poisson(400 / 7, (cells, days)) + 1
    mean = level + rng.normal(size=level.shape) * 1.8 / np.sqrt(n)
    weekly = ((mean * n).reshape(cells, -1, 7).sum(2) / n.reshape(cells, -1, 7).sum(2)).T
    return effect(weekly[:, 0], before, controls=weekly[:, 1:] if controls else None).verdict


def _one_ranking(rng: np.random.Generator, n: int, rho: float, *, alike: bool = False) -> tuple[bool, bool, bool]:
    """Whether each rule ranks the truly best stage first: ridge gain, correlation x gap, Johnson share x gap."""
    stages = 6
    slope = rng.uniform(0.0, 0.3, stages) if alike else rng.exponential(0.15, stages)
    gap = rng.uniform(0.2, 1.5, stages)
    common = rng.normal(size=(n, 1))
    x = 7 + 1.5 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.normal(size=(n, stages)))
    signal = x @ slope
    y = signal + rng.normal(0, signal.std(), n)
    r = np.array([np.corrcoef(x[:, i], y)[0, 1] for i in range(stages)])
    best = int((slope * gap).argmax())
    scores = (slopes(x, y)[0] * gap, r * gap, johnson(x, y) * gap)
    return tuple(int(score.argmax()) == best for score in scores)  # pyright: ignore


def _one_tile(rng: np.random.Generator, chart: Chart, weeks: int, rho: float, size: int) -> tuple[int, int]:
    """False alarms of one tile in `weeks` after a baseline of 8: with over-dispersion taken into account, and ignored."""
    day, hour = np.repeat(np.arange(7), 12), np.tile(np.arange(8, 20), 7)
    p = np.clip(0.95 - 0.03 * (hour >= 16) + rng.normal(0, 0.005, day.size), 0.5, 0.99)
    n = rng.poisson(size, (8 + weeks, day.size)) + 1
    share = rng.binomial(n, rng.beta(p * (1 / rho - 1), (1 - p) * (1 / rho - 1), n.shape)) / n
    ago = np.repeat(np.arange(8)[::-1], day.size)
    base = fit_alarm_baseline(np.tile(day, 8), np.tile(hour, 8), share[:8].ravel(), n[:8].ravel(), ago, "share")
    z = base.z(np.tile(day, weeks), np.tile(hour, weeks), share[8:].ravel(), n[8:].ravel())
    counts = [sum(alarm for _, alarm in follow(chart, found)) for found in (z, z * base.phi**0.5)]
    return counts[0], counts[1]


def _rollup(rng: np.random.Generator) -> dict[str, np.ndarray]:
    axes = {
        "bucket": range(202601, 202653),
        "stage": ["orient", "book", "checkin", "fly", "arrive", "service", "loyalty"],
        "channel": ["phone", "chat", "email", "social", "web", "survey"],
        "segment": ["", "new", "existing", "critical", "left"],
        "metric": ["csat", "nps", "ces", "sentiment", "wait", "first_response", "abandoned", "resolved_first"],
    }
    grid = np.meshgrid(*[np.arange(len(names)) for names in axes.values()], indexing="ij")
    rows = {
        axis: np.array(list(names), dtype=object)[code.ravel()] for (axis, names), code in zip(axes.items(), grid, strict=True)
    }
    n = rng.poisson(12, grid[0].size) + 1.0
    mean = np.clip(rng.normal(7, 1, n.size), 1, 10)
    return rows | {"n": n, "w": n, "w2": n, "m1": n * mean, "m2": n * (mean**2 + 2), "v": n * rng.uniform(0.3, 0.9, n.size)}


def _only_beside(ratio: Ratio) -> bool:
    """Figures in brackets stand beside the others for comparison; they have no target."""
    return ratio.name.strip().startswith("(")


def _line(name: str, ratio: Ratio, took: float) -> dict[str, object]:
    wanted = "-" if _only_beside(ratio) else f"{'>=' if ratio.at_least else '<='} {ratio.target:g}"
    return {
        "simulation": name,
        "figure": ratio.name,
        "measured": f"{ratio.value:.4f}",
        "target": wanted,
        "seconds": round(took, 1),
    }


SIMULATIONS: dict[str, Callable[[], list[Ratio]]] = {
    "coverage": coverage,
    "verdicts": verdicts,
    "change_effects": change_effects,
    "priorities": priorities,
    "alarms": alarms,
    "advice": advice,
    "speed": speed,
}
