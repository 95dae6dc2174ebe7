"""Persons in the control database: 64-bit unsigned ids in columns that are signed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_HALF, _WHOLE = 1 << 63, 1 << 64


class PersonKey(TypeDecorator[int]):
    """A ``person_id`` of the event log, kept as the signed number of the same 64 bits.

    Equality means what it means in the log; order does not.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not 0 <= value < _WHOLE:
            raise ValueError(f"{value} is not a 64-bit person id")
        return value - _WHOLE if value >= _HALF else value

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return value + _WHOLE if value < 0 else value
