"""What can go wrong with the database itself, in words that ingest understands without speaking SQL."""

from __future__ import annotations

from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError, SQLAlchemyError

DatabaseFault = SQLAlchemyError
DAMAGED = ("malformed", "not a database", "corrupt", "invalid page", "could not read block")


def is_passing(fault: SQLAlchemyError) -> bool:
    """Whether waiting may help: locked, full, or not reachable for now. A damaged file or a value refused stays so."""
    return isinstance(fault, OperationalError | InterfaceError) and not is_damage(fault)


def is_damage(fault: SQLAlchemyError) -> bool:
    """Whether the store itself is broken, so that nothing at all can be stored until it is restored."""
    return any(word in str(getattr(fault, "orig", fault)).lower() for word in DAMAGED)


def plain(fault: SQLAlchemyError) -> str:
    """The fault in one line, without the statement and its values: those may hold a customer's words."""
    if isinstance(fault, ArgumentError | NoSuchModuleError):
        return "that is no address of a store. Expected sqlite:///FILE or postgresql://USER@HOST/NAME."
    said = str(getattr(fault, "orig", None) or type(fault).__name__).strip().splitlines()
    return said[0] if said else type(fault).__name__
