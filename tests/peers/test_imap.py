"""IMAP against a real Dovecot: pushed by IDLE, resumed by number, renumbered folders, and removal that is no delete."""

from __future__ import annotations

import threading
import time

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from connectors.imap import Config, Imap
from tests.peers.ledger import Reader, note
from tests.peers.servers import free_port


def mail(n: int, **headers) -> bytes:
    lines = {
        "From": f"Klant {n} <klant{n}@example.org>",
        "To": "klacht@noordvlucht.example",
        "Subject": f"Klacht {n}",
        "Date": "Mon, 2 Mar 2026 09:00:00 +0100",
        "Message-ID": f"<mail{n}@example.org>",
        "Content-Type": "text/plain; charset=utf-8",
        **headers,
    }
    body = f"Mijn koffer {n} is zoek.\n\nOp zo 1 mrt 2026 schreef Service:\n> Wij zoeken nog."
    return ("".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n" + body).encode()


def append(box: IMAPClient, message: bytes) -> None:
    """Lay a mail in the folder; a busy Dovecot answers SERVERBUG now and then, and takes it the next time."""
    for left in (2, 1, 0):
        try:
            box.append("Klachten", message)
            return
        except IMAPClientError:
            if not left:
                raise
            time.sleep(0.5)


def mailbox(port: int) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login("klacht", "s3cret-reader")
    return client


def test_mail_is_pushed_resumed_and_never_doubled(start, tmp_path):
    port = free_port()
    config = Config(
        host="127.0.0.1",
        port=port,
        tls=False,
        user="klacht",
        password="s3cret-reader",
        own_senders=("noordvlucht.example",),
        folder="Klachten",
        inside_hosts=("127.0.0.1",),
    )
    with start("dovecot", port):
        mailbox(port).create_folder("Klachten")
        assert Imap().check(config).code == "ok"
        assert Imap().check(Config(**{**config.model_dump(), "password": "wrong-password"})).code == "sign_in"
        assert Imap().check(Config(**{**config.model_dump(), "folder": "Nergens"})).code == "config"
        box, wanted, reader = mailbox(port), {}, Reader(Imap(), config, tmp_path)

        def put(n, **headers):
            append(box, mail(n, **headers))
            wanted[f"<mail{n}@example.org>"] = f"Klacht {n}\nMijn koffer {n} is zoek."

        for n in range(60):
            put(n)
        box.append("Klachten", mail(900, **{"Auto-Submitted": "auto-replied"}))
        box.append("Klachten", mail(901, From="Service <service@noordvlucht.example>"))
        reader.run_until(lambda: reader.texts().items() >= wanted.items())

        def later():
            time.sleep(1.5)
            append(mailbox(port), mail(60))

        threading.Thread(target=later, daemon=True).start()
        wanted["<mail60@example.org>"] = "Klacht 60\nMijn koffer 60 is zoek."
        began = time.monotonic()
        reader.run_until(lambda: "<mail60@example.org>" in reader.texts())
        assert time.monotonic() - began < 9, "IDLE must bring it before the next look"

        box.select_folder("Klachten")
        box.delete_messages(box.search()[:5])
        box.expunge()
        for n in range(61, 66):
            put(n)
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        before = reader.books.counts[0]
        reader.run_until(lambda: reader.books.state)
        assert reader.books.counts[0] == before, "`n+1:*` gives the last mail again, which must be left out"

        box.close_folder()
        box.rename_folder("Klachten", "Oud")
        box.create_folder("Klachten")
        for n in range(3, 66):
            box.append("Klachten", mail(n))
        put(66)
        reader.run_until(lambda: reader.texts().items() >= wanted.items())
        note("Dovecot", 67, wanted, reader, "IDLE push, expunge is no delete, folder renumbered: all again, none double")
