"""Conditions on many people, or many addresses, in one statement on either database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, cast, func, literal, select, text, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

_HALF, _WHOLE = 1 << 63, 1 << 64


def among_people(session: Session, column: Any, person_ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column of ``PersonKey`` has one of these ids; any number of them is one parameter."""
    signed = [each - _WHOLE if each >= _HALF else each for each in person_ids]
    return _among(session, type_coerce(column, BigInteger), signed, BigInteger())


def among_texts(session: Session, column: Any, texts: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of texts has one of these."""
    return _among(session, column, list(texts), String())


def _among(session: Session, column: Any, values: list[Any], kind: Any) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        found: ColumnElement[bool] = column == func.any(cast(literal(values, ARRAY(kind)), ARRAY(kind)))
        return found
    listed = select(text("value")).select_from(func.json_each(json.dumps(values)))
    inside: ColumnElement[bool] = column.in_(listed)
    return inside
