"""The errors of a file, by what the reader of the message must do.

ConfigFault
├── UnreadableFile    another file, or the same one saved anew
└── MappingFault      another mapping
"""

from __future__ import annotations

from connectors.base import ConfigFault


class UnreadableFile(ConfigFault):
    """A file that cannot be read as a table: what it is, what was expected, what to do."""

    def __init__(self, file: object, found: str, expected: str, todo: str = "") -> None:
        super().__init__(f"{file}: found {found}, expected {expected}.{' ' + todo if todo else ''}")


class MappingFault(ConfigFault):
    """A mapping that does not fit the file; the message lists what is allowed."""
