"""Installs the peers as far as this machine's registries allow, into a cache outside the repository, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CACHE = Path(os.environ.get("KLANTBLIK_PEERS", Path.home() / ".cache" / "klantblik-peers"))
PATIENCE_S = 600
PDS = "@atproto/pds@0.4.217"


class Unavailable(Exception):
    """A peer that cannot be installed or started here, and why."""


def node() -> Path:
    """The folder with the Bluesky PDS in its node_modules; its newest versions need Node 22, this one Node 20."""
    found = shutil.which("node"), shutil.which("npm")
    if not all(found):
        raise Unavailable("needs node and npm (20 or later)")
    folder = CACHE / "bluesky"
    if not (folder / "node_modules" / "@atproto" / "pds").is_dir() or not list(
        folder.glob("node_modules/better-sqlite3/build/Release/*.node")
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        headers = Path(str(found[0])).resolve().parent.parent
        run(
            ["npm", "install", "--no-audit", "--no-fund", PDS], cwd=folder, env={**os.environ, "npm_config_nodedir": str(headers)}
        )
        if not list(folder.glob("node_modules/better-sqlite3/build/Release/*.node")):
            run(["npm", "rebuild", "better-sqlite3"], cwd=folder, env={**os.environ, "npm_config_nodedir": str(headers)})
    return folder


def venv(name: str, *packages: str) -> Callable[[], Path]:
    """The bin folder of an environment of its own with these packages."""

    def install() -> Path:
        folder = CACHE / name
        if not (folder / ".ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run([sys.executable, "-m", "venv", str(folder)])
            run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
            (folder / ".ready").touch()
        return folder / "bin"

    return install


def program(name: str, package: str) -> Callable[[], Path]:
    """The path of a program from Debian's packages, installed where we may."""

    def install() -> Path:
        path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
        if shutil.which(name, path=path) is None:
            apt(package)
        found = shutil.which(name, path=path)
        if found is None:
            raise Unavailable(f"{name} is not installed: apt-get install {package}")
        return Path(found)

    return install


def present(peer: str) -> None:
    """Unavailable when a peer from Debian's packages is not on this machine; nothing is installed."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    name = {"nats": "nats-server"}.get(peer, peer)
    if shutil.which(name, path=path) is None:
        raise Unavailable(f"{name} is not installed: run make test-peers once, which installs it")


def apt(package: str) -> None:
    """Install a package as root or with sudo that asks for nothing; its service is not started."""
    if shutil.which("apt-get") is None:
        raise Unavailable(f"{package} is not installed, and there is no apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    run([*prefix, "apt-get", "update", "-qq"], env=env)
    run([*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package], env=env)


def run(command: list[str], **more) -> None:
    """Run a step of an installation; Unavailable with its last line when it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL, **more
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Unavailable(f"{command[0]}: {fault.__class__.__name__}") from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no words").splitlines()[-1]
        raise Unavailable(f"{' '.join(command[:3])}: {last[:160]}")


INSTALLERS: dict[str, Callable[[], Path]] = {
    "bluesky": node,
    "synapse": venv("synapse", "matrix-synapse"),
    "moto": venv("moto", "moto[server]"),
    "mastodon": venv("mastodon", "mastodon_mock"),
    "mosquitto": program("mosquitto", "mosquitto"),
    "nats": program("nats-server", "nats-server"),
    "dovecot": program("dovecot", "dovecot-imapd"),
    "postgresql": program("psql", "postgresql"),
}
