"""What each verb of `python -m ingest` does and prints; the parser is in __main__.py, the work in the modules named here."""

from __future__ import annotations

import signal
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from config.active import shown_store
from config.language import texts
from config.settings import settings
from ingest import calibrating, doctor, forgetting, importing, lock, preview, promises, rescoring, retrying, training
from ingest.errors import TooManyBad, Unfit
from ingest.opening import Place, journey_from, now_ms, open_place, refuse_demo, store_url
from ingest.progress import Progress
from ingest.sources import configured
from ingest.status import words
from store.corridor.imports import Import, imports
from store.corridor.purging import purge_source
from store.corridor.soundness import totals
from store.engine import open_store
from store.recount import recount
from store.undo import undo_import

FAILED, WRONG = 1, 2
MOST_REASONS = 10


def do_import(args: Namespace) -> int:
    """Import a file, or show how it would be read."""
    request = _request(args)
    if args.dry_run:
        return _preview(args, request)
    names = _names(args.own_names)
    with closing(open_place(args.store, settings(), journey=args.journey, own_names=names)) as place:
        refuse_demo(place)
        # Read before anything is stored: a mistake in the promises must not leave half of what was asked.
        kept = promises.read_promises(args.promises, place.journey, place.zoneinfo) if args.promises else []
        progress, started = Progress(), time.monotonic()
        try:
            outcome = importing.import_file(place, request, lambda share, rows: progress.show(share, rows) or True)
        except TooManyBad as fault:
            progress.end()
            print(fault, file=sys.stderr)
            return FAILED
        progress.end()
        _report(outcome, time.monotonic() - started)
        if kept:
            print(f"promises    {promises.import_promises(place.engine, kept, now_ms()):>9,}")
    return 0


def do_undo(args: Namespace) -> int:
    """Undo one import, or list them."""
    with closing(_existing(args.store)) as place:
        if not args.number:
            return _print(_import_line(each) for each in imports(place.engine))
        undone = undo_import(place.engine, args.number, now_ms=now_ms(), zone=place.zone)
        kept = f", {undone.kept:,} that were there before keep what it said" if undone.kept else ""
        print(f"import {args.number} undone: {undone.removed:,} contacts removed{kept}, {undone.released:,} out of quarantine")
    return 0


def do_recount(args: Namespace) -> int:
    """Sum all rows again and compare with the rollups."""
    engine = _open_existing(args.store)
    try:
        found = recount(engine, settings().company.timezone)
        print(f"{totals(engine)['contacts']:,} contacts recounted: {len(found):,} differences")
        _print(str(each) for each in found[:20])
        return FAILED if found else 0
    finally:
        engine.dispose()


def do_doctor(args: Namespace) -> int:
    """Check the store, without changing it."""
    engine = _open_existing(args.store)
    try:
        ill = False
        for finding in doctor.examine(engine, settings().company.timezone, args.recount):
            ill = ill or bool(finding.faults)
            remark = "" if finding.faults else finding.remark
            print(f"{'WRONG' if finding.faults else 'ok':<6} {finding.check:<11} {remark}".rstrip())
            _print(f"       {fault}" for fault in finding.faults)
        return FAILED if ill else 0
    finally:
        engine.dispose()


def do_backup(args: Namespace) -> int:
    """Write the whole store to one file."""
    from ingest.backup import backup

    _open_existing(args.store).dispose()
    made = backup(args.store, args.file)
    size = args.file.stat().st_size / 1e6
    print(f"{args.file}: {made.rows['contact']:,} contacts, {made.rows['promise']:,} promises, {size:,.1f} MB, checked")
    return 0


def do_restore(args: Namespace) -> int:
    """Put a backup in the place of the store."""
    from ingest.backup import restore

    made = restore(args.store, args.file, settings().company.timezone, replace=args.replace)
    when = f"{datetime.fromtimestamp(made.made_at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    print(f"restored: the store of {when}, {made.rows['contact']:,} contacts. What came later is read again by run, or is lost.")
    return 0


def do_retry(args: Namespace) -> int:
    """Try again what is in quarantine."""
    with closing(_existing(args.store)) as place:
        done = retrying.retry(place, args.source)
        print(f"tried {done.tried:,}: {done.stored:,} stored, {done.refused:,} refused again, {done.unreadable:,} cannot be read")
    return 0


def do_verify(args: Namespace) -> int:
    """Look up again what is stored; 1 when a source could not be looked up to the end."""
    from ingest import verifying

    since = verifying.since_of(args.since, settings().company.timezone)
    sources = configured(settings(), [args.source] if args.source else ())
    with closing(_existing(args.store)) as place:
        refuse_demo(place)
        verifier = verifying.Verifier(place, sources, believe=args.believe)
        if not verifier.sources:
            raise Unfit("verify: found no source that can be looked up again. See docs/connectors for those that can.")
        told = [_verified(verifier, source, since) for source in verifier.sources]
        return 0 if all(each.ended for each in told) else FAILED


def do_rescore(args: Namespace) -> int:
    """Read all stored contacts anew."""
    with closing(_existing(args.store)) as place:
        progress = Progress()
        done = rescoring.rescore(place, lambda done, total, _after: progress.show(done / max(1, total), done) or True)
        progress.end()
        print(f"read {done.read:,} contacts anew, {done.written:,} written")
    return 0


def do_calibrate(args: Namespace) -> int:
    """Learn the knots of marks from customers' own; a version is kept only where it tells their marks better."""
    with closing(_existing(args.store)) as place:
        tried, book = calibrating.attempt(place)
        _print(calibrating.lines(tried))
        if book is None:
            print("nothing kept: the knots stay as they are")
        elif args.dry_run:
            print(f"not kept (--dry-run): this would be version {book.version} of the knots")
        else:
            calibrating.keep(place, book)
            print(f"kept as version {book.version} of the knots: ingest reads history anew by it")
    return 0


def do_train(args: Namespace) -> int:
    """Learn from the corrections; a model is kept only where it reads better."""
    with closing(_existing(args.store)) as place:
        for task, told in training.train(place).items():
            print(f"{task:<12}{told['labels']:,} corrections to learn from, {told['held_out']:,} held out")
            if told["after"]:
                print(f"{'':<12}macro-F1, cross-validated: {told['before']:.3f} before, {told['after']:.3f} after")
            print(f"{'':<12}{'kept: it reads every message from now on' if told['kept'] else 'not kept: ' + str(told['reason'])}")
    return 0


def do_forget(args: Namespace) -> int:
    """Forget one customer."""
    with closing(_existing(args.store)) as place:
        gone = forgetting.forget(place, args.author, args.source)
        print(f"forgotten: {gone.contacts:,} contacts emptied, {gone.payloads:,} payloads deleted from quarantine")
    return 0


def do_purge(args: Namespace) -> int:
    """Remove everything that one source ever brought."""
    with closing(_existing(args.store)) as place:
        if not args.yes:
            raise Unfit(f"purge: this removes everything that source {args.source!r} brought. Add --yes to do it.")
        gone = purge_source(place.engine, args.source, now_ms=now_ms(), zone=place.zone)
        print(f"source {args.source}: {gone.contacts:,} contacts removed, {gone.traces:,} rows of bookkeeping with them")
    return 0


def do_journey(args: Namespace) -> int:
    """List, show, export or import journeys."""
    from ingest import journeys

    with closing(_existing(args.store)) as place:
        return _print(journeys.lines(place, args.action, args.name))


def do_wall(args: Namespace) -> int:
    """List, confirm or revoke screens."""
    from ingest import walls

    with closing(_existing(args.store)) as place:
        return _print(walls.lines(place.engine, args.action, args.given, args.name, now_ms()))


def do_connectors(args: Namespace) -> int:
    """List the sources with their state, or check one."""
    from ingest import listing

    if args.action == "check":
        return listing.check(args.name, print)
    engine = _open_existing(args.store) if _exists(args.store) else None
    return _print(listing.lines(engine, settings()))


def do_run(args: Namespace) -> int:
    """Read the sources and do the jobs, until a signal says stop."""
    from ingest.process import run_until_stopped

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with lock.only_runner(store_url(args.store)):
        while not stop.is_set():
            with closing(open_place(args.store, settings())) as place:
                run_until_stopped(place, settings(), args.only, stop, _say)
    return 0


def do_up(args: Namespace) -> int:
    """Start the screens and the sources together."""
    from ingest.supervisor import up

    return up(store_url(args.store) if args.pinned else None, port=args.port)


def _verified(verifier: Any, source: Any, since: int | None) -> Any:
    progress = Progress()
    told = verifier.round(source, lambda step: progress.show(0.0, step.state.checked) or True, since_ms=since)
    progress.end()
    state = told.state
    print(f"{source.name:<18} checked {state.checked:,}, gone {state.gone:,}, edited {state.edited:,}")
    if told.why:
        print(f"{'':<18} stands still: {words(told.why, texts('en'))} The same command goes on where it was.")
    return told


def _request(args: Namespace) -> importing.Request:
    source = args.source or args.file.name.partition(".")[0]
    header = tuple(_names(args.header))
    delimiter = "\t" if args.delimiter in ("tab", "\\t") else args.delimiter
    return importing.Request(
        args.file, source, args.map, args.channel, args.timezone, args.order, delimiter, args.sheet, header, args.again
    )


def _preview(args: Namespace, request: importing.Request) -> int:
    """Nothing is opened to write: a store that does not exist yet is not made."""
    from ingest.pipeline import Pipeline

    planned = importing.plan(request)
    names = (*settings().company.own_names, *_names(args.own_names))
    journey = journey_from(args.journey or settings().journey.active)
    zone = importing.zone_of(args.timezone or settings().company.timezone)
    pipeline = Pipeline(request.source, journey, names, b"nothing is kept under this key")
    shown = preview.look(planned, pipeline, zone, args.order, now_ms())
    return _print(preview.lines(planned, shown, zone))


def _report(outcome: importing.Outcome, seconds: float) -> None:
    record = outcome.record
    if outcome.already:
        when = f"{datetime.fromtimestamp(record.finished_at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
        print(f"{record.file}: already imported (import {record.id} of source {record.source}, {when}): 0 new rows")
    counts = ("received", "stored", "duplicates", "quarantined")
    _print(f"{name:<11} {0 if outcome.already else getattr(record, name):>9,}" for name in counts)
    if outcome.already:
        return
    print(f"speed       {record.received / max(seconds, 1e-9):>9,.0f} rows per second ({seconds:.1f} s)")
    reasons = sorted(outcome.reasons.items(), key=lambda item: -item[1])[:MOST_REASONS]
    _print(f"  {count:,} x {reason}" for reason, count in reasons)
    print(f"import {record.id} of source {record.source}; to take it back: python -m ingest undo {record.id}")


def _import_line(each: Import) -> str:
    state = "undone" if each.undone_at else "done" if each.finished_at else "broken off"
    when = datetime.fromtimestamp(each.started_at / 1000, UTC)
    counts = (
        f"{each.received:,} received, {each.stored:,} stored, {each.duplicates:,} duplicates, {each.quarantined:,} quarantined"
    )
    return f"{each.id:>4}  {when:%Y-%m-%d %H:%M}  {state:<10}  {each.source}  {each.file}: {counts}"


def _existing(written: str) -> Place:
    _open_existing(written).dispose()
    return open_place(written, settings())


def _open_existing(written: str) -> Any:
    if not _exists(written):
        raise Unfit(f"--store {shown_store(store_url(written))}: found no store there. Make one with import, or check the name.")
    return open_store(store_url(written), writer=True)


def _exists(written: str) -> bool:
    file = lock.file_of(store_url(written))
    return file is None or file.exists()


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split(",") if name.strip()]


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)
