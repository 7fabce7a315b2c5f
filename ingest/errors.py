"""The errors of the write door, by what the operator must do.

IngestError
├── Unfit           give another argument
├── TooManyBad      look at the reasons, correct the file, its mapping or the source, and start again
└── AlreadyRuns     stop the other one first
"""

from __future__ import annotations


class IngestError(Exception):
    """Anything that an operator's verb refuses; the message names what was found, what was expected, and what to do."""


class Unfit(IngestError):
    """An argument, or the store that it names, cannot be used."""


class TooManyBad(IngestError):
    """So much of what came could not be read that going on would fill quarantine and not the store."""


class AlreadyRuns(IngestError):
    """Another ingest process runs over this store."""
