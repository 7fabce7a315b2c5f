"""Sending the report by mail: an outbox first, so that a mail server that is away loses nothing, and nothing goes out twice.

A mail waits as NAME.eml, is NAME.sending while it is handed in, and leaves sent/NAME behind. One whose process died in
between stays NAME.sending: perhaps it arrived, so it is said and not sent again.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid
from pathlib import Path

from config.errors import ConfigError
from config.secret import Secret
from reports.mail import html, plain
from reports.paper import Paper

TIMEOUT_S = 20
DOMAIN = "klantblik.local"
KINDS = {".pdf": ("application", "pdf"), ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in: KLANTBLIK_SMTP_HOST, _PORT, _USER, _PASSWORD (or _PASSWORD_FILE), _FROM and _TLS (1 or 0)."""

    host: str
    port: int
    user: str
    password: Secret
    sender: str
    tls: bool

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Server:
        """The server that the environment names; ConfigError when host or sender is missing."""
        for name in ("KLANTBLIK_SMTP_HOST", "KLANTBLIK_SMTP_FROM"):
            if not environ.get(name):
                raise ConfigError(name, None, "a value", "Set it in the environment to send mail.")
        password = environ.get("KLANTBLIK_SMTP_PASSWORD", "")
        if file := environ.get("KLANTBLIK_SMTP_PASSWORD_FILE"):
            password = Path(file).read_text(encoding="utf8").strip()
        port = environ.get("KLANTBLIK_SMTP_PORT", "587")
        if not port.isdigit():
            raise ConfigError("KLANTBLIK_SMTP_PORT", port, "a port number such as 587", "Correct it.")
        user, sender = environ.get("KLANTBLIK_SMTP_USER", ""), environ["KLANTBLIK_SMTP_FROM"]
        tls = environ.get("KLANTBLIK_SMTP_TLS", "1") != "0"
        return cls(environ["KLANTBLIK_SMTP_HOST"], int(port), user, Secret(password), sender, tls)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its message and whom it goes to."""

    message: EmailMessage
    to: tuple[str, ...]

    @classmethod
    def of(cls, paper: Paper, files: Sequence[Path], to: Sequence[str], key: str = "") -> Mail:
        """The report as a mail: plain text, HTML, and its PDF and workbook attached; under one `key` it is sent once."""
        message = EmailMessage()
        message["Subject"] = paper.headline
        message["To"] = ", ".join(to)
        message["Message-ID"] = f"<{key}@{DOMAIN}>" if key else make_msgid(domain=DOMAIN)
        message.set_content(plain(paper))
        message.add_alternative(html(paper), subtype="html")
        for file in files:
            if kind := KINDS.get(file.suffix):
                message.add_attachment(file.read_bytes(), maintype=kind[0], subtype=kind[1], filename=file.name)
        return cls(message, tuple(to))

    @property
    def name(self) -> str:
        """What the mail is called in the outbox."""
        return self.message["Message-ID"].strip("<>").split("@")[0]


def send(mail: Mail, outbox: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Put the mail in the outbox, hand in everything that waits there, and say what became of it.

    What the server refuses or cannot take now stays in the outbox and is tried again the next time. A mail that was sent before,
    or may have been, is not sent again.
    """
    server = Server.of(environ)
    if (outbox / "sent" / mail.name).exists() or (outbox / f"{mail.name}.sending").exists():
        return f"Sent before: {mail.name}. It is not sent twice."
    outbox.mkdir(parents=True, exist_ok=True)
    mail.message["From"] = server.sender
    fresh = outbox / f"{mail.name}.new"
    fresh.write_bytes(bytes(mail.message))
    fresh.replace(outbox / f"{mail.name}.eml")
    return flush(outbox, environ)


def flush(outbox: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Hand in everything that waits in the outbox, and say what became of it."""
    server, waiting = Server.of(environ), sorted(outbox.glob("*.eml"))
    try:
        handed = _hand_in(server, waiting)
    except (OSError, smtplib.SMTPException) as fault:
        left = len(list(outbox.glob("*.eml")))
        return f"Not sent ({type(fault).__name__}: {server.host}:{server.port}); {left} in the outbox, tried again next time."
    return f"Sent {handed} to {server.host}:{server.port}."


def _hand_in(server: Server, waiting: Sequence[Path]) -> int:
    if not waiting:
        return 0
    handed = 0
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S) as connection:
        if server.tls:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password.reveal())
        for file in waiting:
            handed += _one(connection, file)
    return handed


def _one(connection: smtplib.SMTP, file: Path) -> int:
    """Hand in one mail; 0 when another process took it meanwhile. Refused by the server, it waits again."""
    under_way, sent = file.with_suffix(".sending"), file.parent / "sent" / file.stem
    try:
        file.rename(under_way)
    except FileNotFoundError:
        return 0
    try:
        connection.send_message(message_from_bytes(under_way.read_bytes(), policy=default))
    except (OSError, smtplib.SMTPException):
        under_way.rename(file)
        raise
    sent.parent.mkdir(exist_ok=True)
    sent.touch()
    under_way.unlink()
    return 1
