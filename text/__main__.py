"""`python -m text evaluate FILE` measures; `python -m text models` makes what ships (needs requirements-dev.txt)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from text.evaluate import TASKS, Setup, evaluate, read_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code: 0 when done, 2 when the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m text", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    measure = verbs.add_parser("evaluate", help="measure language, sentiment, stage and masking on labelled texts")
    measure.add_argument("file", type=Path, help="CSV or JSONL, gzip or not: text, lang, sentiment, stage, pii")
    measure.add_argument("--task", choices=(*TASKS, "all"), default="all")
    measure.add_argument("--journey", default="seven-stages", help="whose stage names the file uses")
    measure.add_argument("--binary", action="store_true", help="the texts are only positive or negative")
    measure.add_argument("--own-names", default="", help="names to strip before scoring, separated by commas")
    measure.add_argument("--json", action="store_true", help="print JSON")
    measure.set_defaults(run=_evaluate)
    make = verbs.add_parser("models", help="make the word lists and the models that ship")
    make.add_argument("--leave-out", metavar="PATTERN", help="train without these message files, and measure on them")
    make.add_argument("--lists", action="store_true", help="make the lists of names and words anew as well")
    make.set_defaults(run=_models)
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    tasks = TASKS if options.task == "all" else (options.task,)
    own = tuple(name.strip() for name in options.own_names.split(",") if name.strip())
    report = evaluate(read_rows(options.file), tasks, Setup(options.journey, options.binary, own))
    if not report:
        raise ConfigError("FILE", str(options.file), f"labels for {', '.join(tasks)}", "See docs/text.md for the names.")
    print(json.dumps(report, ensure_ascii=False, indent=2) if options.json else "\n\n".join(_lines(report)))
    return 0


def _lines(report: dict[str, Any]) -> list[str]:
    return [f"{task}\n" + "\n".join(_shown(values)) for task, values in report.items()]


def _shown(values: dict[str, Any], indent: str = "  ") -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
            lines += [f"{indent}{name}", *_shown(value, indent + "  ")]
        elif isinstance(value, dict):
            lines.append(f"{indent}{name:<20} " + "  ".join(f"{key} {one}" for key, one in value.items()))
        else:
            lines.append(f"{indent}{name:<20} {value}")
    return lines


def _models(options: argparse.Namespace) -> int:
    from text.making import make_models

    for line in make_models(options.leave_out, options.lists):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
