"""Server-sent events: from lines to (event, data), as the HTML standard reads them; a comment is a sign of life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LIFE = ("", "")


def events(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Each event's name and data; LIFE for each comment, so that a heartbeat counts although it says nothing.

    >>> list(events([b":thump", b"event: update", b"data: {", b"data: }", b"", b""]))
    [('', ''), ('update', '{\\n}')]
    """
    name, data = "message", []
    for line in lines:
        if line.startswith(b":"):
            yield LIFE
        elif not line:
            if data:
                yield name, "\n".join(data)
            name, data = "message", []
        else:
            field, _, value = line.decode("utf-8", "replace").partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
