"""Mail goes through an outbox: a server that is away loses nothing, a password is never shown."""

import socketserver
import threading

import pytest

from config.errors import ConfigError
from reports.sending import Mail, Server, flush, send
from reports.writing import write
from tests.reports.example import paper


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as one hand-in needs; it keeps what it took, and refuses when told to."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET"):
                self.say("550 no" if verb == b"RCPT" and self.server.refuse else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.taken.append(body)
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def server():
    """A mail server on loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as tcp:
        tcp.taken, tcp.refuse = [], False
        thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield tcp
        tcp.shutdown()


def environ(port):
    return {
        "KLANTBLIK_SMTP_HOST": "127.0.0.1",
        "KLANTBLIK_SMTP_PORT": str(port),
        "KLANTBLIK_SMTP_FROM": "k@example.org",
        "KLANTBLIK_SMTP_TLS": "0",
    }


def mail(tmp_path):
    return Mail.of(paper(), write(paper(), tmp_path / "out", "week"), ["m@example.org"])


def test_the_report_arrives_with_its_attachments(server, tmp_path):
    said = send(mail(tmp_path), tmp_path / "outbox", environ(server.server_address[1]))
    assert said.startswith("Sent 1")
    body = server.taken[0]
    assert b"week.pdf" in body and b"week.xlsx" in body and b"text/html" in body
    assert list((tmp_path / "outbox").glob("*.eml")) == []


def test_what_the_server_refuses_waits_and_goes_with_the_next(server, tmp_path):
    server.refuse = True
    said = send(mail(tmp_path), tmp_path / "outbox", environ(server.server_address[1]))
    assert said.startswith("Not sent")
    server.refuse = False
    assert send(mail(tmp_path), tmp_path / "outbox", environ(server.server_address[1])).startswith("Sent 2")
    assert len(server.taken) == 2


def test_a_server_that_is_away_loses_nothing(tmp_path):
    said = send(mail(tmp_path), tmp_path / "outbox", environ(1))
    assert "1 in the outbox" in said
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"KLANTBLIK_SMTP_HOST": ""}, "KLANTBLIK_SMTP_HOST"),
        ({"KLANTBLIK_SMTP_FROM": ""}, "_FROM"),
        ({"KLANTBLIK_SMTP_PORT": "mail"}, "port"),
    ],
)
def test_a_missing_setting_is_named(changed, named):
    with pytest.raises(ConfigError, match=named):
        Server.of(environ(25) | changed)


def test_a_password_comes_from_a_file_and_never_shows(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    found = Server.of(environ(25) | {"KLANTBLIK_SMTP_PASSWORD_FILE": str(secret)})
    assert found.password.reveal() == "hunter2"
    assert "hunter2" not in repr(found)


def once(tmp_path):
    return Mail.of(paper(), write(paper(), tmp_path / "out", "week"), ["m@example.org"], "week-202647")


def test_under_one_name_a_mail_goes_out_once(server, tmp_path):
    outbox, where = tmp_path / "outbox", environ(server.server_address[1])
    assert send(once(tmp_path), outbox, where).startswith("Sent 1")
    assert "not sent twice" in send(once(tmp_path), outbox, where)
    assert len(server.taken) == 1 and b"<week-202647@klantblik.local>" in server.taken[0]
    assert [file.name for file in outbox.rglob("*") if file.is_file()] == ["week-202647"], "only the mark that it was sent"


def test_a_mail_whose_process_died_while_handing_in_is_not_sent_again(server, tmp_path):
    outbox, where = tmp_path / "outbox", environ(server.server_address[1])
    outbox.mkdir()
    (outbox / "week-202647.sending").write_bytes(b"perhaps it arrived")
    assert "not sent twice" in send(once(tmp_path), outbox, where) and flush(outbox, where).startswith("Sent 0")
    assert server.taken == []


def test_what_waits_goes_by_itself(server, tmp_path):
    server.refuse = True
    outbox, where = tmp_path / "outbox", environ(server.server_address[1])
    send(once(tmp_path), outbox, where)
    server.refuse = False
    assert flush(outbox, where).startswith("Sent 1") and len(server.taken) == 1
    assert flush(tmp_path / "none", where).startswith("Sent 0")
