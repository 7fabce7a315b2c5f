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
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="klantblik-pg-", dir="/tmp"))  # short: a socket's path holds 107 characters
    try:
        owner = _owner(home)
        _run([programs / "initdb", "-D", home / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N"], owner)
        with running(programs, home, settings, owner) as address:
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(programs: Path, home: Path, settings: tuple[str, ...], owner: dict[str, Any]) -> Iterator[str]:
    """The server process over the data in `home`, stopped at the end, and with us when we are killed."""
    options = [word for setting in (*settings, "listen_addresses=", "max_connections=40") for word in ("-c", setting)]
    with (home / "log").open("wb") as log:
        command = [programs / "postgres", "-D", home / "data", "-k", home, *options]
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **owner)
    address = f"host={home} user=postgres dbname=postgres"
    try:
        _wait(process, address, home / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(10)


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
