"""Which analyses there are: every package of ``bihuan.analytics`` that has an ``ANALYSIS``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, Union

from pydantic import Field, TypeAdapter

import bihuan.analytics
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import AnalysisUnknown
from bihuan.analytics.query.query import Query, Selection
from bihuan.analytics.result import Result

Row = tuple[Any, ...]
Q = TypeVar("Q", bound=Query)
R = TypeVar("R", bound=Result)
S = TypeVar("S", bound=Selection)


@dataclass(frozen=True)
class AnalysisKind(Generic[Q, R, S]):
    """One kind of analysis, as its package offers it.

    Args:
        kind: the value of the query's ``kind`` field.
        query, result, selection: its models; a selection names one number of a result.
        sql: the one statement that answers a query.
        read: the statement's rows as a result (``sql`` left empty).
        people_sql: SELECT of one column ``person``, each once, of the people behind the selected number.
        sequenced: name of a module whose ``sequenced_rows`` and ``sequenced_people`` answer from the kept
            sequences: the statement's rows, and the ids of the people behind a selection; None where the
            statement has to be run. It is imported only where there are sequences: it loads the compiler.
    """

    kind: str
    query: type[Q]
    result: type[R]
    selection: type[S]
    sql: Callable[[ProjectContext, Q], str]
    read: Callable[[ProjectContext, Q, Sequence[Row]], R]
    people_sql: Callable[[ProjectContext, Q, S], str]
    sequenced: str = ""


@cache
def kinds() -> dict[str, AnalysisKind[Any, Any, Any]]:
    """Every analysis by kind, found by looking through the packages."""
    found = {}
    for module in pkgutil.iter_modules(bihuan.analytics.__path__, "bihuan.analytics."):
        if module.ispkg:
            analysis = getattr(importlib.import_module(module.name), "ANALYSIS", None)
            if analysis is not None:
                found[analysis.kind] = analysis
    return found


def kind_of(query: Query) -> AnalysisKind[Any, Any, Any]:
    """The analysis a query belongs to."""
    return kind_named(getattr(query, "kind", ""))


def kind_named(kind: str) -> AnalysisKind[Any, Any, Any]:
    """The analysis called ``kind``; AnalysisUnknown if there is none."""
    if kind not in kinds():
        raise AnalysisUnknown(path="kind", kind=kind, known=", ".join(sorted(kinds())))
    return kinds()[kind]


if TYPE_CHECKING:
    AnyQuery = Query
    AnyResult = Result
else:

    def __getattr__(name):
        """``AnyQuery`` and ``AnyResult``: all kinds as unions discriminated by ``kind``."""
        part = {"AnyQuery": "query", "AnyResult": "result"}.get(name)
        if part is None:
            raise AttributeError(name)
        return _union(part)


@cache
def query_adapter() -> TypeAdapter[Query]:
    """Validates any query, picking its model by ``kind``."""
    return TypeAdapter(_union("query"))


def _union(part: str) -> Any:
    members = tuple(getattr(analysis, part) for analysis in kinds().values())
    return Annotated[Union[members], Field(discriminator="kind")] if len(members) > 1 else members[0]  # noqa: UP007
