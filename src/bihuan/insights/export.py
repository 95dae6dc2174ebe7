"""Exporting events and people: one SELECT, streamed as a table file in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import BinaryIO

import msgspec
import pyarrow as pa

from bihuan.access import Mask
from bihuan.analytics import ProjectContext
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.query.filters import Filter
from bihuan.analytics.query.period import day_range
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.properties import PropertyAccess
from bihuan.kernel.streaming import Written
from bihuan.kernel.tables import TableFormat, TableOptions, write_table
from bihuan.kernel.vocabulary import STANDARD
from bihuan.warehouse import Engine, ProjectStore
from bihuan.warehouse.sql import identifier

PROPERTIES = "properties"
# Columns that a property of the same name must not replace.
_COLUMNS = frozenset(
    (
        "event_id",
        "event",
        "time",
        "received_at",
        "person_id",
        "distinct_id",
        "distinct_ids",
        "session_id",
        "source",
        "first_seen",
        "updated_at",
        PROPERTIES,
    )
)


@dataclass(frozen=True)
class EventsWanted:
    """Which events to export; days are of the project's calendar, None leaves a side open.

    ``events`` empty means all; ``filter`` narrows them as in an analysis. Every name in ``properties`` is a
    column of its own, after one with all properties as a JSON object (``$`` names keep their type, others
    are text).
    """

    from_date: date | None = None
    to_date: date | None = None
    events: tuple[str, ...] = ()
    filter: Filter | None = None
    properties: tuple[str, ...] = ()


def events_sql(ctx: ProjectContext, wanted: EventsWanted) -> str:
    """SELECT of the events in order of day, then as they are stored."""
    source = EventsSource(ctx)
    source.columns(
        {
            "event_id": "toString(e.event_id)",
            "event": "toString(e.event)",
            "time": "e.time",
            "received_at": "e.received_at",
            "person_id": f"assumeNotNull({source.person})",
            "distinct_id": "e.distinct_id",
            "session_id": "e.session_id",
            "source": "toString(e.source)",
            PROPERTIES: "toString(e.properties)",
        }
    )
    for name in wanted.properties:
        ref = PropertyRef(name=name)
        number = STANDARD.get(name) == "number"
        source.column(_column_name(name), source.number(ref) if number else source.text(ref))
    start = day_range(wanted.from_date, wanted.from_date, ctx).start_ms if wanted.from_date else None
    end = day_range(wanted.to_date, wanted.to_date, ctx).end_ms if wanted.to_date else None
    source.between(start, end).filtered(wanted.filter)
    if wanted.events:
        source.selecting([EventSelector(events=wanted.events)])
    return source.sql()


def people_sql(ctx: ProjectContext, properties: Sequence[str]) -> str:
    """SELECT of everyone who has a profile."""
    access = PropertyAccess("p", ctx.time_zone)
    columns = ["p.person_id AS person_id", "p.distinct_ids AS distinct_ids", "p.first_seen AS first_seen"]
    columns += ["p.updated_at AS updated_at", f"toString(p.properties) AS {PROPERTIES}"]
    for name in properties:
        ref = PropertyRef(name=name, scope="person")
        view = access.number(ref) if STANDARD.get(name) == "number" else access.text(ref)
        columns.append(f"{view} AS {_column_name(name)}")
    return f"SELECT {', '.join(columns)} FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"


def persons_sql(ctx: ProjectContext, persons: str, properties: Sequence[str]) -> str:
    """SELECT of the people that ``persons`` gives (a SELECT of one column ``person``), with the columns of
    :func:`people_sql`; those without a profile have the ids of their events only."""
    profiles = f"{people_sql(ctx, properties)} AND p.person_id IN ({persons})"
    ids = (
        "SELECT person_id, arraySort(groupUniqArray(10)(distinct_id)) AS distinct_ids "
        f"FROM {ctx.table('events')} WHERE person_id IN ({persons}) GROUP BY person_id"
    )
    own = "".join(f", known.{_column_name(name)} AS {_column_name(name)}" for name in properties)
    return (
        "SELECT a.person AS person_id, "
        "if(empty(known.distinct_ids), seen.distinct_ids, known.distinct_ids) AS distinct_ids, "
        "if(known.person_id = 0, NULL, known.first_seen) AS first_seen, "
        "if(known.person_id = 0, NULL, known.updated_at) AS updated_at, "
        f"if(known.person_id = 0, '{{}}', known.{PROPERTIES}) AS {PROPERTIES}{own} "
        f"FROM ({persons}) AS a LEFT ANY JOIN ({profiles}) AS known ON known.person_id = a.person "
        f"LEFT ANY JOIN ({ids}) AS seen ON seen.person_id = a.person"
    )


def table_of_statement(
    store: ProjectStore, sql: str, format: TableFormat, options: TableOptions, mask: Mask
) -> Iterator[bytes]:
    """The result of a SELECT as a file, piece by piece, with what ``mask`` hides hidden.

    The statement is begun before this returns, so that its faults are raised here and not in the middle of
    an answer.

    Raises:
        EngineUnavailable, QueryFailed, TableFormatUnknown.
    """
    schema = _schema(store.engine, sql)
    cleanup = ExitStack()
    try:
        batches = cleanup.enter_context(store.engine.arrow_stream(sql))
        first = next(batches, None)
    except BaseException:
        cleanup.close()
        raise
    rows = chain([] if first is None else [first], batches)

    def write(stream: BinaryIO) -> None:
        with cleanup:
            write_table(_present(rows, schema, mask), schema, stream, format, options)

    return Written(write)


def table_of_rows(table: pa.Table, format: TableFormat, options: TableOptions) -> Iterator[bytes]:
    """A table in memory as a file, piece by piece."""
    return Written(lambda stream: write_table(table.to_batches(), table.schema, stream, format, options))


def _column_name(property_name: str) -> str:
    taken = property_name in _COLUMNS
    return identifier(f"{PROPERTIES}.{property_name}" if taken else property_name)


def _schema(engine: Engine, sql: str) -> pa.Schema:
    # The streamed form has no schema when there are no rows.
    return engine.arrow(f"SELECT * FROM ({sql}) LIMIT 0").schema


def _present(batches: Iterable[pa.RecordBatch], schema: pa.Schema, mask: Mask) -> Iterator[pa.RecordBatch]:
    """The batches with absent properties left out; the engine prints declared paths as null."""
    place = schema.get_field_index(PROPERTIES)
    for batch in batches:
        texts = [_without_nulls(text, mask) for text in batch.column(place).to_pylist()]
        columns = [*batch.columns]
        columns[place] = pa.array(texts, type=schema.field(place).type)
        if mask.hides:
            columns = [_hidden(column, schema.field(at), mask) for at, column in enumerate(columns)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _hidden(column: pa.Array, field: pa.Field, mask: Mask) -> pa.Array:
    """A column of its own for a property, or of ids, as the mask has it."""
    if field.name in _COLUMNS - {"distinct_id", "distinct_ids"}:
        return column
    name = field.name.removeprefix(f"{PROPERTIES}.")
    shown = [mask.value(name, value) for value in column.to_pylist()]
    if pa.types.is_floating(field.type):
        shown = [value if isinstance(value, float) else None for value in shown]
    return pa.array(shown, type=field.type)


def _without_nulls(text: str, mask: Mask) -> str:
    properties = mask.properties(_pruned(msgspec.json.decode(text, type=dict[str, object])))
    return msgspec.json.encode(properties).decode()


def _pruned(tree: dict[str, object]) -> dict[str, object]:
    pruned = {name: _pruned(value) if isinstance(value, dict) else value for name, value in tree.items()}
    return {name: value for name, value in pruned.items() if value is not None and value != {}}
