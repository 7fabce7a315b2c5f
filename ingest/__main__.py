"""The operator's verbs: python -m ingest VERB. Each is explained by python -m ingest VERB --help and in docs/operating.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from config.active import active_store
from config.errors import ConfigError

FAILED, WRONG = 1, 2
STORE = "the store: sqlite:///FILE, a file name, or postgresql://USER@HOST/NAME (default: the one that is open now)"


def parser() -> argparse.ArgumentParser:
    """The command line: one sub-command per verb, `--store` on each."""
    top = argparse.ArgumentParser(
        prog="python -m ingest", description="Everything that writes to a Klantblik store.", epilog="See docs/operating.md."
    )
    verbs = top.add_subparsers(dest="verb", required=True, title="verbs")
    _running(verbs)
    _importing(verbs)
    _caring(verbs)
    _settling(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; 0 when it did what it says, 1 when it found something wrong, 2 when it could not start."""
    args = parser().parse_args(arguments)
    # Imported here: --help and a wrong option must not wait for the whole pipeline.
    from connectors.base import ConnectorError
    from ingest import verbs
    from ingest.errors import IngestError
    from store.corridor.faults import DatabaseFault, plain
    from store.errors import StoreError
    from store.people.errors import PeopleError

    try:
        args.pinned = bool(args.store)
        args.store = args.store or active_store()
        return getattr(verbs, f"do_{args.verb}")(args)
    except (ConfigError, ConnectorError, IngestError, StoreError, PeopleError) as fault:
        return _complain(str(fault))
    except DatabaseFault as fault:
        from config.active import shown_store

        return _complain(f"--store {shown_store(args.store)}: {plain(fault)}")
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except KeyboardInterrupt:
        return _complain("stopped. The same command goes on where it was.")


def _complain(message: str) -> int:
    print(f"python -m ingest: {' '.join(message.split())}", file=sys.stderr)
    return WRONG


def _verb(verbs, name: str, help: str) -> argparse.ArgumentParser:
    made = verbs.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    made.add_argument("--store", default="", metavar="URL", help=STORE)
    return made


def _running(verbs) -> None:
    up = _verb(verbs, "up", "start the screens and the sources together, and keep them up (what make run does)")
    up.add_argument("--port", type=int, default=None, help="the port of the screens")
    run = _verb(verbs, "run", "read the sources and do the jobs, until stopped")
    run.add_argument("--only", action="append", default=[], metavar="NAME", help="read only this source (may be given again)")
    listing = _verb(verbs, "connectors", "list the sources with their state, or check one and say what to do")
    listing.add_argument("action", nargs="?", choices=("check",), help="check: try the settings of one source")
    listing.add_argument("name", nargs="?", default="", help="the source to check")


def _importing(verbs) -> None:
    make = _verb(verbs, "import", "import a file (CSV, TSV, JSON lines, Parquet, XLSX; plain or gzipped)")
    make.add_argument("file", type=Path, help="the file")
    make.add_argument("--source", default="", metavar="NAME", help="what the source is called (default: the file's name)")
    make.add_argument(
        "--map", default="", metavar="TARGET=COLUMN,...", help="which column says what; none: what it was last time"
    )
    make.add_argument("--dry-run", action="store_true", help="show how it would be read, and store nothing")
    make.add_argument("--channel", default="", metavar="NAME", help="the channel of rows that name none")
    make.add_argument("--timezone", default="", metavar="ZONE", help="the zone of times without an offset")
    make.add_argument("--order", default="", choices=("day", "month"), help="what comes first in dates such as 03-04-2026")
    make.add_argument("--delimiter", default="", metavar="CHAR", help="what parts the columns (default: found)")
    make.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook (default: the first)")
    make.add_argument("--header", default="", metavar="A,B,...", help="the names of the columns, for a file without them")
    make.add_argument("--promises", type=Path, default=None, metavar="FILE", help="promises to keep along with it (TOML or CSV)")
    make.add_argument("--journey", default="", metavar="NAME", help="the journey of an empty store: a name, or a .toml file")
    make.add_argument("--own-names", default="", metavar="A,B,...", help="your names and accounts: left out of what is scored")
    make.add_argument("--again", action="store_true", help="read it although this very file was imported before")
    undo = _verb(verbs, "undo", "undo one import: take away what it brought")
    undo.add_argument("number", type=int, nargs="?", default=0, help="the import's number; none: list the imports")


def _caring(verbs) -> None:
    _verb(verbs, "recount", "sum all rows again and compare with the rollups; exit 1 on any difference")
    doctor = _verb(verbs, "doctor", "check the store: file, schema, counts, audit; exit 1 when something is wrong")
    doctor.add_argument("--recount", action="store_true", help="recount the rollups too")
    kept = _verb(verbs, "backup", "write the whole store to one file, while everything goes on")
    kept.add_argument("file", type=Path, help="the new file")
    back = _verb(verbs, "restore", "put a backup in the place of the store, whole or not at all")
    back.add_argument("file", type=Path, help="the backup")
    back.add_argument("--replace", action="store_true", help="do it although the store holds data")
    retry = _verb(verbs, "retry", "try again what is in quarantine")
    retry.add_argument("--source", default="", metavar="NAME", help="of this source only")
    verify = _verb(verbs, "verify", "look up again what is stored, and apply what was deleted or edited upstream")
    verify.add_argument("--source", default="", metavar="NAME", help="of this source only (default: of all that can)")
    verify.add_argument("--since", default="", metavar="DAY", help="only what happened from this day on, such as 2026-03-01")
    verify.add_argument("--believe", action="store_true", help="also when the source calls most of it gone")
    _verb(verbs, "rescore", "read all stored contacts anew, after a change of words, rules, models or knots")
    learn = _verb(verbs, "calibrate", "learn marks from customers' own, and keep them only where they tell those better")
    learn.add_argument("--dry-run", action="store_true", help="only say what would be kept")
    _verb(verbs, "train", "learn from this store's corrections, and say how well each model reads before and after")
    forget = _verb(verbs, "forget", "forget one customer: empty what they said, and store nothing of them again")
    forget.add_argument("author", help="the customer's id as the source knows it")
    forget.add_argument("--source", default="", metavar="NAME", help="at this source only (default: at every source)")
    purge = _verb(verbs, "purge", "remove everything that one source ever brought")
    purge.add_argument("source", help="the source")
    purge.add_argument("--yes", action="store_true", help="do it; without this it only says what there is")


def _settling(verbs) -> None:
    journey = _verb(verbs, "journey", "list the journeys, show one, export one as a file, or take a file in")
    journey.add_argument("action", nargs="?", default="list", choices=("list", "show", "export", "import"))
    journey.add_argument("name", nargs="?", default="", help="the journey (for import: its file)")
    wall = _verb(verbs, "wall", "list the screens, confirm the code that one shows, or take its right away")
    wall.add_argument("action", nargs="?", default="list", choices=("list", "confirm", "revoke"))
    wall.add_argument("given", nargs="?", default="", metavar="CODE", help="the code on the screen (for revoke: its number)")
    wall.add_argument("--name", default="", help="what the screen is called")


if __name__ == "__main__":
    sys.exit(main())
