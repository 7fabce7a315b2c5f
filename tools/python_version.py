"""Refuse an older Python with one clear line, before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"Klantblik needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make run PYTHON=python3.11")
