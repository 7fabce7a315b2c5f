"""`python -m benchmarks NAME`: runs benchmarks/NAME.py; without a name, says which there are."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Run the named benchmark; 0 when its targets were met, 1 when not, 2 without a name."""
    files = (file for file in HERE.glob("[a-z]*.py") if "\ndef main(" in file.read_text(encoding="utf8"))
    names = sorted(file.stem for file in files)
    if not arguments or arguments[0] not in names:
        found = arguments[0] if arguments else "nothing"
        print(f"benchmark: found {found!r}, expected one of {', '.join(names)}.", file=sys.stderr)
        return 2
    return importlib.import_module(f"benchmarks.{arguments[0]}").main(arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
