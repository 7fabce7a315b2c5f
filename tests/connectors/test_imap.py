"""Mail as customers send it: quotations, signatures, HTML, odd encodings, machines, and things that are no mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import BadRecord
from connectors.mail import event_of, written_part

ARRIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def mail(body="Mijn koffer is zoek.", kind="text/plain; charset=utf-8", **headers):
    base = {
        "From": "Klant <Klant@Example.org>",
        "Subject": "Klacht",
        "Date": "Mon, 2 Mar 2026 09:00:00 +0100",
        "Message-ID": "<1@example.org>",
        "Content-Type": kind,
    }
    lines = {**base, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return (
        "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value).encode()
        + b"\r\n"
        + (body if isinstance(body, bytes) else body.encode())
    )


def read(*args, own=(), **headers):
    return event_of(mail(*args, **headers), ARRIVED, own, "service")


def test_a_complaint():
    event = read()
    assert event.said.text == "Klacht\nMijn koffer is zoek." and event.said.author == "klant@example.org"
    assert (event.external_id, event.occurred_at, event.said.stage) == (
        "<1@example.org>",
        datetime(2026, 3, 2, 8, tzinfo=UTC),
        "service",
    )


def test_an_answer_belongs_to_its_thread_and_leaves_the_subject_out():
    event = read(References="<0@example.org> <00@example.org>", Subject="Re: Klacht")
    assert event.said.thread == event.said.case == "<0@example.org>" and event.said.text == "Mijn koffer is zoek."


@pytest.mark.parametrize(
    "quoted",
    [
        "> Wij zoeken nog.",
        "-----Oorspronkelijk bericht-----",
        "Op ma 2 mrt 2026 om 09:00 schreef Service <s@x.nl>:",
        "On Mon, Mar 2, 2026 at 9:00 AM Service wrote:",
        "________________________________",
        "-- ",
    ],
)
def test_what_is_quoted_is_not_said_again(quoted):
    assert written_part(f"Nog niets.\n\n{quoted}\nOude woorden") == "Nog niets."


def test_html_and_other_encodings():
    assert read("<p>Te <b>laat</b></p><style>p{}</style>", "text/html; charset=utf-8").said.text == "Klacht\nTe laat"
    assert read("Caf\xe9 dicht".encode("latin-1"), "text/plain; charset=iso-8859-1").said.text == "Klacht\nCafé dicht"
    assert read(Subject="=?utf-8?q?Klacht_=C3=A9=C3=A9n?=").said.text.startswith("Klacht één")


def test_machines_and_colleagues_are_no_customers():
    assert read(Auto_Submitted="auto-replied") is None and read(Precedence="bulk") is None
    assert read(own=("example.org",)) is None and read(own=("klant@example.org",)) is None
    assert read(own=("ample.org",)) is not None, "a domain is compared whole"


def test_a_stamp_from_the_future_or_none_is_the_moment_it_arrived():
    assert read(Date="Mon, 2 Mar 2036 09:00:00 +0100").occurred_at == ARRIVED
    assert read(Date="").occurred_at == ARRIVED and read(Date="gisteren").occurred_at == ARRIVED


def test_without_a_message_id_its_content_is_its_identity():
    assert read(Message_ID="").external_id == read(Message_ID="").external_id != read("Anders", Message_ID="").external_id


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 50, b"From: niemand\r\n\r\nx", b"Subject: x\r\n\r\nx"])
def test_what_is_no_mail_is_a_bad_record(raw):
    with pytest.raises(BadRecord):
        event_of(raw, ARRIVED, (), "")


def test_an_unknown_charset_does_not_lose_the_mail_in_silence():
    try:
        assert read(kind="text/plain; charset=onbekend").said.text
    except BadRecord as bad:
        assert bad.raw
