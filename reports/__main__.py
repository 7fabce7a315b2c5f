"""`python -m reports week`: the weekly report as PDF, HTML mail, plain text, XLSX, CSV and PNG."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.active import active_store
from config.errors import ConfigError
from config.language import CODES, texts
from config.settings import settings
from reports.names import Names
from reports.paper import Paper
from reports.sending import Mail, flush, send
from reports.weekly import paper
from reports.writing import write

WEEK = re.compile(r"^(\d{4})-?W?(\d{2})$")


def parse_week(text: str) -> int:
    """An ISO week such as 2026-W47 as 202647; ArgumentTypeError for anything else."""
    found = WEEK.match(text)
    if not found or not 1 <= int(found[2]) <= 53:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected an ISO week such as 2026-W47")
    return int(found[1]) * 100 + int(found[2])


def build(url: str, week: int | None, language: str, asked: str = "") -> tuple[Paper, int]:
    """The paper of a week (the last whole one when None) from the store at `url`, and which week it is; of the journey `asked`.

    Raises ConfigError when the store holds nothing for it.
    """
    from reports.jump import find_jump
    from reports.promised import judged
    from reports.register_section import section
    from reports.week import default_week, edition
    from store.engine import open_store
    from store.people.facts import facts
    from store.people.journeys import current_journey, shown_journey

    engine = open_store(url)
    try:
        known = facts(engine)
        zone = ZoneInfo(known.get("zone") or settings().company.timezone)
        now = datetime.now(zone)
        journey = current_journey(engine, shown_journey(engine, asked, settings().journey.active))
        if asked and journey.id != asked:
            raise ConfigError("reports --journey", asked, f"one that the store holds, such as {journey.id}", "Name that one.")
        chosen = week or default_week(engine, journey.id, now)
        if chosen is None:
            raise ConfigError("reports week", "an empty store", "a store with contacts", "Import some first.")
        names = Names(texts(language), journey)
        found = edition(engine, journey, chosen, zone, now)
        jump = find_jump(engine, journey, found.week, _end(chosen, zone, now))
        demo = known.get("demo") == "1"
        own = getattr(settings().company, f"name_{language}")
        company = known.get(f"company_{language}") or own or (journey.company.get(language) if demo else "") or "Klantblik"
        then = datetime.fromtimestamp(_end(chosen, zone, now) / 1000, zone)
        promises = section(judged(engine, journey, zone, then, leading=jump.leading), names)
        return paper(found, jump, names, now, company=company, demo=demo, promises=promises), chosen
    finally:
        engine.dispose()


def _end(week: int, zone, now: datetime) -> int:
    from metrics.weeks import shifted, start_ms

    return min(start_ms(shifted(week, 1), zone) - 1, round(now.timestamp() * 1000))


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reports", description="The weekly report, with the numbers of the week's page."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    week = verbs.add_parser("week", help="write the report of a week")
    week.add_argument("--week", type=parse_week, help="ISO week such as 2026-W47; the last whole one when left out")
    week.add_argument("--journey", default="", help="which journey, when the store holds several; its own when left out")
    week.add_argument("--lang", choices=CODES, default=settings().web.language or "nl")
    week.add_argument("--out", type=Path, required=True, help="the folder to write into")
    week.add_argument("--store", default=active_store(), help="the store to read, such as sqlite:///data/klantblik.db")
    week.add_argument(
        "--mail-to", action="append", default=[], metavar="ADDRESS", help="send it there as well (KLANTBLIK_SMTP_*)"
    )
    week.add_argument("--once", default="", metavar="NAME", help="send it under this name, and never a second time")
    outbox = verbs.add_parser("outbox", help="hand in what waits in the outbox of a folder")
    outbox.add_argument("--out", type=Path, required=True, help="the folder that reports were written into")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "outbox":
            print(flush(chosen.out / "outbox"))
            return 0
        made, number = build(chosen.store, chosen.week, chosen.lang, chosen.journey)
        files = write(made, chosen.out, f"week-{number // 100}-W{number % 100:02d}-{chosen.lang}")
        for file in files:
            print(file)
        if chosen.mail_to:
            print(send(Mail.of(made, files, chosen.mail_to, chosen.once), chosen.out / "outbox"))
    except ConfigError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
