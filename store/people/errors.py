"""The errors of people's writes; each names the value found, what was expected, and what to do.

PeopleError
├── NotFound        nothing with that code or id
├── WrongState      it is no longer in the state that this step needs
├── SamePerson      the second person must be another one
└── Refused         a value that cannot be kept
"""

from __future__ import annotations


class PeopleError(ValueError):
    """A write that was refused whole: nothing of it was stored. `key` is the text to show, `values` fill it in."""

    key = "error.refused"

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values


class NotFound(PeopleError):
    """Nothing in this store has that code or id."""

    key = "error.not_found"


class WrongState(PeopleError):
    """Somebody was faster: what is stored is not in the state that this step starts from."""

    key = "error.wrong_state"


class SamePerson(PeopleError):
    """Who made a version may not approve it."""

    key = "error.same_person"


class Refused(PeopleError):
    """A value outside its range, or one that is missing."""
