"""The common ground of every table."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import BigInteger, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer(), "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
Big = Annotated[int, mapped_column(BigInteger, default=0)]
Instant = Annotated[int, mapped_column(BigInteger)]
Name = Annotated[str, mapped_column(String, default="")]
Long = Annotated[str, mapped_column(Text, default="")]


class Base(DeclarativeBase):
    """Declarative base with stable constraint names, so that migrations can name what they change."""

    metadata = MetaData(naming_convention=NAMES)
