"""The SQL of sessions: the events are read once for the sessions and once for the names of pages.

Each session counts in four parts: its bucket, its group, its entry and its exit. Columns of the result:
part, whole, bucket, key, sessions, people, events, bounces, mean seconds, percentiles of seconds. Whole is
1 but for the figures of buckets.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import Breakdown, BreakdownValue, resolve
from bihuan.analytics.sessions.query import SessionsQuery, SessionsSelection
from bihuan.analytics.sql import EventsSource, bucket, bucket_of_label, gathered, key_of, top_keys
from bihuan.analytics.sql.breakdowns import OTHER_KEY, breakdown_key
from bihuan.analytics.sql.sequences import (
    code_of,
    code_sql,
    is_long,
    ms_of,
    name_sql,
    names_sql,
    packed,
    session_range_ms,
    split_sessions,
)
from bihuan.warehouse.sql import literal

GROUP_PART, ENTRY_PART, EXIT_PART = 0, 1, 2


def sessions_sql(ctx: ProjectContext, query: SessionsQuery) -> str:
    """The statement."""
    kept = f"if(rank <= if(part = {GROUP_PART}, {_kept_groups(query)}, {query.top_n}), key, '{OTHER_KEY}')"
    levels = ", ".join(repr(percentile / 100) for percentile in query.percentiles)
    return (
        f"WITH {_names(ctx, query)} AS names\n"
        f"SELECT part, whole, bucket, {kept} AS kept, sum(sessions), groupBitmapMerge(people), sum(events), "
        f"sum(bounces), sum(milliseconds) / sum(sessions) / 1000, "
        f"arrayMap(x -> x / 1000, quantilesExactInclusiveMerge({levels})(lengths))\n"
        "FROM (\n"
        "SELECT *, dense_rank() OVER (PARTITION BY part ORDER BY weight DESC, key) AS rank FROM (\n"
        "SELECT *, sum(whole * sessions) OVER (PARTITION BY part, key) AS weight FROM (\n"
        f"{_figures(ctx, query, levels)}\n)))\nGROUP BY part, whole, bucket, kept"
    )


def people_sql(ctx: ProjectContext, query: SessionsQuery, selection: SessionsSelection) -> str:
    """The people with such a session."""
    rows = (
        f"SELECT person, bucket, depth, first_key, {name_sql('entry_code')} AS entry, "
        f"{name_sql('exit_code')} AS exit\n"
        f"FROM (\n{_sessions(ctx, query)}\n)"
    )
    conditions = ["depth = 1"] if selection.bounced else []
    if selection.bucket is not None:
        conditions.append(f"bucket = {_bucket_name(query, selection.bucket)}")
    if selection.breakdown is not None:
        if query.breakdown is None:
            raise SelectionInvalid(path="breakdown", reason="the query has no breakdown")
        conditions.append(_is_value(rows, "first_key", query.breakdown, selection.breakdown))
    page = Breakdown(property=query.page, top_n=query.top_n)
    for column, value in (("entry", selection.entry), ("exit", selection.exit)):
        if value is not None:
            conditions.append(_is_value(rows, column, page, value))
    chosen = " AND ".join(conditions) or "true"
    return f"WITH {_names(ctx, query)} AS names\nSELECT DISTINCT person FROM (\n{rows}\n)\nWHERE {chosen}"


_START = "fromUnixTimestamp64Milli(start_ms, 'UTC')"


def _figures(ctx: ProjectContext, query: SessionsQuery, levels: str) -> str:
    """Figures by part, bucket and key, as states where they can be merged only so."""
    parts = (
        f"[({GROUP_PART}, 0, bucket, 0, first_key), ({GROUP_PART}, 1, 0, 0, first_key), "
        f"({ENTRY_PART}, 1, 0, entry_code, ''), ({EXIT_PART}, 1, 0, exit_code, '')]"
    )
    return (
        "SELECT p.1 AS part, p.2 AS whole, p.3 AS bucket, "
        f"if(part = {GROUP_PART}, p.5, {name_sql('p.4')}) AS key, count() AS sessions, "
        "groupBitmapState(number) AS people, sum(depth) AS events, countIf(depth = 1) AS bounces, "
        f"sum(length_ms) AS milliseconds, quantilesExactInclusiveState({levels})(length_ms) AS lengths\n"
        f"FROM (SELECT *, arrayJoin({parts}) AS p FROM (\n{_sessions(ctx, query)}\n))\n"
        "GROUP BY part, whole, bucket, p.4, p.5"
    )


def _sessions(ctx: ProjectContext, query: SessionsQuery) -> str:
    """One row a session.

    Columns: person, number (dense, of the person), bucket, length_ms, depth (events), entry_code, exit_code,
    first_key.
    """
    period, source = resolve(query.period, ctx), _source(ctx, query)
    event = packed(code_sql(_page_key(source, query)))
    item, first, last, key = "x", "session[1]", "session[-1]", "''"
    if query.breakdown is not None:
        event = f"({event}, {breakdown_key(source, query.breakdown)})"
        item, first, last, key = "x.1", "session[1].1", "session[-1].1", "session[1].2"
    source.column("person", source.person).column("event", event)
    rows = source.sql_in_halves() if _reads_long(ctx, query) else source.sql()
    return (
        f"SELECT person, number, {ms_of(first)} AS start_ms, "
        f"{bucket(ctx, query.interval, _START)} AS bucket, "
        f"{ms_of(last)} - start_ms AS length_ms, length(session) AS depth, {code_of(first)} AS entry_code, "
        f"{code_of(last)} AS exit_code, {key} AS first_key\n"
        f"FROM (SELECT person, number, arrayJoin({split_sessions(ctx, 'items', item)}) AS session\n"
        "FROM (SELECT person, toUInt32(rowNumberInAllBlocks()) AS number, items\n"
        "FROM (SELECT person, arraySort(groupArray(event)) AS items FROM (\n"
        f"{rows}\n) GROUP BY person)))\n"
        f"WHERE start_ms >= {period.start_ms} AND start_ms < {period.end_ms}"
    )


def _names(ctx: ProjectContext, query: SessionsQuery) -> str:
    source = _source(ctx, query)
    return names_sql(source.column("key", _page_key(source, query)).sql())


def _source(ctx: ProjectContext, query: SessionsQuery) -> EventsSource:
    start_ms, end_ms = session_range_ms(ctx, resolve(query.period, ctx))
    source = EventsSource(ctx).selecting([query.selector])
    source.between(start_ms, end_ms, by_day=not _reads_long(ctx, query))
    return source.filtered(query.filter).sampled(query.sample)


def _reads_long(ctx: ProjectContext, query: SessionsQuery) -> bool:
    every = not query.selector.events
    return every and is_long(ctx, *session_range_ms(ctx, resolve(query.period, ctx)))


def _page_key(source: EventsSource, query: SessionsQuery) -> str:
    if query.page.scope == "field" and query.page.name == "event":
        # Never missing, and dictionary-encoded only if nothing asks whether it is.
        return "concat('v', e.event)"
    return breakdown_key(source, Breakdown(property=query.page))


def _kept_groups(query: SessionsQuery) -> int:
    breakdown = query.breakdown
    return 1 if breakdown is None else len(breakdown.bounds) + 2 if breakdown.bounds else breakdown.top_n


def _is_value(rows_sql: str, column: str, breakdown: Breakdown, value: BreakdownValue) -> str:
    if breakdown.bounds is not None:
        return f"{column} = {literal(key_of(value))}"
    return f"{gathered(column, top_keys(rows_sql, column, breakdown))} = {literal(key_of(value))}"


def _bucket_name(query: SessionsQuery, label: str) -> int:
    try:
        return bucket_of_label(query.interval, label)
    except ValueError as error:
        raise SelectionInvalid(path="bucket", reason=f"'{label}' is not a {query.interval}") from error
