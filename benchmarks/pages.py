"""First paint of every page in a real Chromium, on the demo store and at 10 million contacts: cold, warm, and by a click.

Cold is the first visit to a process that has just started, by a browser that has never been here. Warm is the same address
opened again. A click is the menu. First paint is the page's own heading with its answer, not a skeleton. The server's part is
the time from the browser's question to the message that carries the heading; the rest is the browser's.
`--profile PAGE` tells instead where the server's time goes.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.enlarged import enlarge
from benchmarks.figures import Ratio, show
from benchmarks.painted import Painted, click, opened, visit
from benchmarks.profiled import profile
from config.language import texts
from tests.browser.chromium import chromium
from tests.browser.conftest import start, stop
from tests.browser.screens import demo

BARE = "bare"  # a page of one heading: what Streamlit, the browser and this machine take by themselves
PAGES = (BARE, "", "week", "promises", "journey", "changes", "voices", "sources", "settings", "wall")
COLD_S, WARM_S, LARGER = 1.5, 0.4, 1.5


def main(arguments: list[str]) -> int:
    """Print seconds per page and store; 1 when a first paint missed its target on an otherwise idle machine."""
    options = argparse.ArgumentParser(prog="python -m benchmarks pages", description=__doc__)
    options.add_argument("--contacts", type=int, default=100_000, help="contacts in the demo store")
    options.add_argument("--large", type=int, default=10_000_000, help="contacts in the larger store; 0: none")
    options.add_argument("--store", type=Path, help="an existing demo store (SQLite file) instead of a fresh one; it is copied")
    options.add_argument("--folder", type=Path, help="where the stores are made (about 12 GB), instead of a temporary folder")
    options.add_argument("--cold", type=int, default=3, help="cold visits per page")
    options.add_argument("--warm", type=int, default=5, help="warm visits and clicks per page")
    options.add_argument("--only", choices=PAGES, nargs="*", default=PAGES)
    options.add_argument("--profile", choices=PAGES)
    chosen = options.parse_args(arguments)
    with _folder(chosen.folder) as folder, _stores(chosen, folder) as stores:
        if chosen.profile is not None:
            return profile(chosen.profile, stores)
        with chromium() as browser:
            wanted = [(name, page) for page in chosen.only for name in stores if page != BARE or name == "demo"]
            lines = [_line(browser, name, stores[name], page, chosen, folder) for name, page in wanted]
    return show("pages", lines, _ratios(lines))


@contextmanager
def _folder(given: Path | None):
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as folder:
        yield Path(folder)


@contextmanager
def _stores(chosen: argparse.Namespace, folder: Path):
    """The demo store (no longer written to), and one many times as large; a store that lies there already is used again."""
    small, large = folder / "demo.db", folder / "large.db"
    if chosen.store:
        small = chosen.store
    elif not small.exists():
        with demo(folder, chosen.contacts):
            pass
    stores = {"demo": f"sqlite:///{small}"}
    if chosen.large:
        if not large.exists():
            print(f"  {enlarge(small, large, chosen.large):,} contacts in {large}", flush=True)
        stores["large"] = f"sqlite:///{large}"
    yield stores


def _line(browser: Any, name: str, store: str, page: str, chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    cold: list[Painted] = []
    for _ in range(chosen.cold - 1):
        with _server(store, folder, page) as site:
            cold.append(_once(browser, site, page))
    with _server(store, folder, page) as site:
        tab, frames = opened(browser)
        cold.append(visit(tab, frames, f"{site}/{page if page != BARE else ''}?lang=nl"))
        warm = [visit(tab, frames, f"{site}/{page if page != BARE else ''}?lang=nl") for _ in range(chosen.warm + 1)][1:]
        clicked = _clicked(tab, frames, page, chosen.warm)
        tab.context.close()
    figures = {"cold": cold, "warm": warm, "click": clicked}
    line: dict[str, Any] = {"page": page or "home", "store": name}
    for how, found in figures.items():
        line[f"{how} s"] = _median(found, lambda one: one.first)
        line[f"{how} server s"] = _median(found, lambda one: one.server_first)
        line[f"{how} whole s"] = _median(found, lambda one: one.whole)
    print(
        "  " + " ".join(f"{key} {value:.2f}" if isinstance(value, float) else str(value) for key, value in line.items()),
        flush=True,
    )
    return line


def _once(browser: Any, site: str, page: str) -> Painted:
    tab, frames = opened(browser)
    try:
        return visit(tab, frames, f"{site}/{page if page != BARE else ''}?lang=nl")
    finally:
        tab.context.close()


def _clicked(tab: Any, frames: Any, page: str, times: int) -> list[Painted]:
    """From the page of settings and back by the menu (from sources, for settings itself); a wall has no menu."""
    if page in ("wall", BARE):
        return []
    t, found = texts("nl"), []
    away = t("nav.sources") if page == "settings" else t("nav.settings")
    for _ in range(times):
        click(tab, frames, away)
        found.append(click(tab, frames, t(f"nav.{page or 'home'}")))
    return found


@contextmanager
def _server(store: str, folder: Path, page: str):
    process, site = start(store, folder / "web.log", script="tests/browser/bare.py" if page == BARE else "app.py")
    try:
        yield site
    finally:
        stop(process)


def _median(found: list[Painted], part: Callable[[Painted], float]) -> float:
    return statistics.median(part(one) for one in found) if found else float("nan")


def _ratios(lines: list[dict[str, Any]]) -> list[Ratio]:
    """The targets: 1.5 s cold and 0.4 s warm at every size, and the server's time not growing with the contacts."""
    ratios = []
    for line in lines:
        name = f"{line['page']}, {line['store']}"
        if line["page"] == BARE:
            continue
        ratios.append(Ratio(f"{name}: cold first paint / 1.5 s", line["cold s"] / COLD_S, 1.0, at_least=False))
        ratios.append(Ratio(f"{name}: warm first paint / 0.4 s", line["warm s"] / WARM_S, 1.0, at_least=False))
    by_store = {(line["page"], line["store"]): line for line in lines}
    for (page, store), line in by_store.items():
        small = by_store.get((page, "demo"))
        if store == "large" and small:
            ratios.append(Ratio(f"{page}: cold, large / demo", line["cold s"] / small["cold s"], LARGER, at_least=False))
            ratios.append(Ratio(f"{page}: warm, large / demo", line["warm s"] / small["warm s"], LARGER, at_least=False))
    return ratios
