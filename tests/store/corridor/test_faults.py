import sqlite3

import pytest
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, InternalError, OperationalError

from store.corridor.faults import is_damage, is_passing, plain


def fault(kind, said):
    return kind("INSERT INTO contact VALUES (?)", ("a customer's words",), sqlite3.OperationalError(said))


@pytest.mark.parametrize(
    ("given", "passes", "damage"),
    [
        (fault(OperationalError, "database is locked"), True, False),
        (fault(OperationalError, "database or disk is full"), True, False),
        (fault(OperationalError, "server closed the connection unexpectedly"), True, False),
        (fault(DatabaseError, "database disk image is malformed"), False, True),
        (fault(OperationalError, "file is not a database"), False, True),
        (fault(InternalError, "invalid page in block 3 of relation base/5/16384"), False, True),
        (fault(InternalError, 'could not read block 7 in file "base/5/16384": read only 0 of 8192 bytes'), False, True),
        (fault(IntegrityError, "UNIQUE constraint failed"), False, False),
    ],
)
def test_what_may_pass_and_what_is_broken(given, passes, damage):
    assert (is_passing(given), is_damage(given)) == (passes, damage)


def test_a_message_holds_no_statement_and_no_values():
    assert plain(fault(OperationalError, "database is locked\nmore")) == "database is locked"
    assert "sqlite:///FILE" in plain(ArgumentError("Could not parse"))
