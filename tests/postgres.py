"""A real PostgreSQL for the tests: Debian's programs, run by a user without rights, in a folder that is thrown away."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

HURRY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_S = 30


class Unavailable(Exception):
    """PostgreSQL cannot be started here."""


def required() -> bool:
    """Whether a missing PostgreSQL fails the tests instead of skipping them (`make test` says so)."""
    return os.environ.get("KLANTBLIK_REQUIRE_POSTGRES") == "1"


@contextmanager
def server(settings: tuple[str, ...] = HURRY) -> Iterator[str]:
    """The libpq address of a server that lives as long as the block. Raises Unavailable without the programs."""
    with own_server(settings) as own:
        yield own.address


@contextmanager
def own_server(settings: tuple[str, ...] = HURRY) -> Iterator[Server]:
    """A server that the block may stop, kill and start again; its data is gone afterwards. Raises Unavailable."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="klantblik-pg-", dir="/tmp"))  # short: a socket's path holds 107 characters
    own = Server(programs, home, settings, _owner(home))
    try:
        own.make()
        own.start()
        yield own
    finally:
        own.stop()
        shutil.rmtree(home, ignore_errors=True)


class Server:
    """The server process over the data in `home`; it ends with us when we are killed."""

    def __init__(self, programs: Path, home: Path, settings: tuple[str, ...], owner: dict[str, Any]) -> None:
        self.programs, self.home, self.settings, self.owner = programs, home, settings, owner
        self.process: Any = None
        self.address = f"host={home} user=postgres dbname=postgres"
        self.url = f"postgresql+psycopg://postgres@/postgres?host={home}"

    def make(self) -> None:
        """Make the files of a new server, with a checksum on every page."""
        words = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N", "--data-checksums"]
        _run([self.programs / "initdb", "-D", self.home / "data", *words], self.owner)

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = (*self.settings, "listen_addresses=", "max_connections=40")
        options = [word for setting in given for word in ("-c", setting)]
        command = [self.programs / "postgres", "-D", self.home / "data", "-k", self.home, *options]
        with (self.home / "log").open("ab") as log:
            process: Any = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **self.owner)
        self.process = process
        _wait(process, self.address, self.home / "log")

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it: SIGINT ends what is under way and tidies up, SIGQUIT ends it at once, as a crash does."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)
        self.process = None


def _programs() -> Path:
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major), *_on_path()]
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Unavailable(
        "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on PATH): apt-get install postgresql."
    )


def _major(folder: Path) -> int:
    return int("0" + "".join(filter(str.isdigit, folder.parent.name)))


def _on_path() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).resolve().parent] if found else []


def _owner(home: Path) -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names.get("nobody")
    if entry is None:
        raise Unavailable("PostgreSQL does not run as root, and there is no user postgres or nobody to run it.")
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": home}


def _run(command: list[Any], owner: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **owner)
    if done.returncode:
        raise Unavailable(f"initdb failed: {done.stderr.strip()[-500:]}")


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise Unavailable(f"PostgreSQL did not start: {log.read_text(errors='replace')[-500:]}")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
