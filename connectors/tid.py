"""AT Protocol timestamps ("TID"): the revision of a repository, which is the same in the firehose and in Jetstream."""

from __future__ import annotations

from datetime import datetime

from connectors.moments import milliseconds

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def tid_number(tid: str) -> int:
    """The number that a TID writes: microseconds and a clock id in 63 bits, so that a later revision is a higher version.

    Raises ValueError when it is no TID of 13 characters. Source: atproto.com/specs/tid.

    >>> tid_number("3jzfcijpj2z2a") < tid_number("3jzfcijpj2z2b")
    True
    """
    if len(tid) != 13:
        raise ValueError(f"revision: found {tid[:20]!r}, expected 13 characters")
    found = 0
    for letter in tid:
        found = found * 32 + _ALPHABET.index(letter)
    return found


def number_at(at: datetime) -> int:
    """The lowest number of a TID made at this moment.

    >>> from connectors.moments import moment
    >>> number_at(moment("2023-06-28T00:00:00Z")) < tid_number("3jzfcijpj2z2a") < number_at(moment("2023-07-30T00:00:00Z"))
    True
    """
    return milliseconds(at) * 1000 << 10
