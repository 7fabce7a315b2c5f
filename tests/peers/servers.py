"""Starting each peer on loopback, on a free port, in a folder that is thrown away; and ending exactly what was started."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.install import INSTALLERS, Unavailable

HERE = Path(__file__).parent
START_S = 90


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def process(command: list, folder: Path, ready, env=None) -> Iterator[subprocess.Popen]:
    """A process until the block ends; Unavailable with its last words when it is not `ready` in time."""
    with (folder / "log").open("ab") as log:
        started = subprocess.Popen(
            [str(word) for word in command], cwd=folder, stdout=log, stderr=log, env=env, stdin=subprocess.DEVNULL
        )
    try:
        until = time.monotonic() + START_S
        while not ready():
            if started.poll() is not None or time.monotonic() > until:
                words = (folder / "log").read_text(errors="replace").strip().splitlines()[-3:]
                raise Unavailable(f"{Path(str(command[0])).name} did not start: {' / '.join(words)[-300:]}")
            time.sleep(0.05)
        yield started
    finally:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(5)


def answers(url: str):
    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status < 500
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    return ready


def listens(port: int):
    def ready() -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ready


@contextmanager
def bluesky(folder: Path, port: int, plc: int, keys: dict[str, str]) -> Iterator[str]:
    root = INSTALLERS["bluesky"]()
    (folder / "blobs").mkdir(exist_ok=True)
    env = {
        **os.environ,
        **keys,
        "PLC_PORT": str(plc),
        "PDS_NODE_ROOT": str(root),
        "PDS_HOSTNAME": "localhost",
        "PDS_PORT": str(port),
        "PDS_DEV_MODE": "true",
        "PDS_INVITE_REQUIRED": "false",
        "PDS_DISABLE_SSRF_PROTECTION": "true",
        "PDS_DATA_DIRECTORY": str(folder),
        "PDS_BLOBSTORE_DISK_LOCATION": str(folder / "blobs"),
        "PDS_DID_PLC_URL": f"http://127.0.0.1:{plc}",
        "PDS_SERVICE_HANDLE_DOMAINS": ".test",
        "PDS_CRAWLERS": "",
        "PDS_RATE_LIMITS_ENABLED": "false",
        "LOG_ENABLED": "0",
    }
    with process(["node", HERE / "bluesky" / "fakeplc.mjs"], folder, listens(plc), env):
        url = f"http://127.0.0.1:{port}"
        with process(["node", HERE / "bluesky" / "pds.mjs"], folder, answers(f"{url}/xrpc/_health"), env):
            yield url


def bluesky_keys() -> dict[str, str]:
    return {
        "PDS_JWT_SECRET": secrets.token_hex(16),
        "PDS_DPOP_SECRET": secrets.token_hex(32),
        "PDS_ADMIN_PASSWORD": "admin-pass",
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": secrets.token_hex(32),
    }


@contextmanager
def synapse(folder: Path, port: int) -> Iterator[str]:
    bin = INSTALLERS["synapse"]()
    if not (folder / "homeserver.yaml").exists():
        generate = ["--server-name", "localhost", "--config-path", "homeserver.yaml", "--generate-config", "--report-stats=no"]
        subprocess.run(
            [bin / "python", "-m", "synapse.app.homeserver", *generate, "--data-directory", folder],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=60,
        )
        subprocess.run(
            [bin / "python", HERE / "synapse_settings.py", folder / "homeserver.yaml", str(port)], check=True, timeout=60
        )
    url = f"http://127.0.0.1:{port}"
    command = [bin / "python", "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
    with process(command, folder, answers(f"{url}/_matrix/client/versions")):
        for user in ("agent", "customer"):
            register = ["-u", user, "-p", f"pw-{user}", "--no-admin", "-c", "homeserver.yaml", url]
            subprocess.run(
                [bin / "register_new_matrix_user", *register], cwd=folder, capture_output=True, timeout=60, check=False
            )
        yield url


@contextmanager
def moto(folder: Path, port: int) -> Iterator[str]:
    bin = INSTALLERS["moto"]()
    url = f"http://127.0.0.1:{port}"
    with process([bin / "moto_server", "-H", "127.0.0.1", "-p", port], folder, answers(f"{url}/moto-api/")):
        yield url


@contextmanager
def mastodon(folder: Path, port: int) -> Iterator[str]:
    bin = INSTALLERS["mastodon"]()
    url = f"http://127.0.0.1:{port}"
    with process([bin / "mastodon_mock", "serve", "--in-memory", "--port", port], folder, answers(f"{url}/api/v1/instance")):
        yield url


@contextmanager
def mosquitto(folder: Path, port: int) -> Iterator[int]:
    server = INSTALLERS["mosquitto"]()
    passwords = folder / "passwords"
    if not passwords.exists():
        passwords.touch(0o600)
        subprocess.run(
            [shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd", "-b", passwords, "reader", "s3cret-reader"],
            check=True,
            capture_output=True,
            timeout=20,
        )
    settings = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous false",
        f"password_file {passwords}",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 1",
        "user root",
    ]
    (folder / "mosquitto.conf").write_text("\n".join(settings) + "\n")
    with process([server, "-c", "mosquitto.conf"], folder, listens(port)):
        yield port


@contextmanager
def nats(folder: Path, port: int) -> Iterator[str]:
    server = INSTALLERS["nats"]()
    command = [server, "-a", "127.0.0.1", "-p", port, "-js", "-sd", folder / "js", "--auth", "s3cret-reader"]
    with process(command, folder, listens(port)):
        yield f"nats://127.0.0.1:{port}"


@contextmanager
def dovecot(folder: Path, port: int) -> Iterator[int]:
    server = INSTALLERS["dovecot"]()
    if os.geteuid() != 0:
        raise Unavailable("dovecot is started as root here")
    (folder / "mail").mkdir(exist_ok=True)
    shutil.chown(folder / "mail", "mail", "mail")
    for part in (folder, *folder.parents[:3]):
        part.chmod(part.stat().st_mode | 0o011)
    (folder / "dovecot.conf").write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password=s3cret-reader
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
    with process([server, "-F", "-c", "dovecot.conf"], folder, listens(port)):
        yield port
