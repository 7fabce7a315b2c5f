"""A page that shows marks must not wait for statsmodels: importing metrics pulls in none of the heavy libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("statsmodels", "scipy", "sklearn", "ruptures", "pandas", "holidays", "streamlit", "sqlalchemy")
MODULES = sorted(f"metrics.{path.stem}" for path in (ROOT / "metrics").glob("*.py") if path.stem != "__init__")


def test_no_module_of_metrics_imports_a_heavy_library() -> None:
    loads = f"import sys, importlib\nfor name in {MODULES!r}: importlib.import_module(name)\n"
    script = loads + f"print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_of_metrics_reads_a_clock() -> None:
    for path in (ROOT / "metrics").glob("*.py"):
        text = path.read_text(encoding="utf8")
        for word in ("time.time(", "datetime.now(", "utcnow(", "date.today(", "monotonic("):
            assert word not in text, f"{path.name} reads a clock: {word}"


def test_chance_is_always_seeded() -> None:
    for path in (ROOT / "metrics").glob("*.py"):
        text = path.read_text(encoding="utf8")
        assert "default_rng()" not in text and "np.random.seed" not in text, path.name
