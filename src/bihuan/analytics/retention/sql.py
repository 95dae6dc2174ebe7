"""The SQL of retention: one row for each breakdown key and cohort.

Columns of the result: key, cohort (number of the unit), size, and by column of the table arrays of people
who came back and of amounts; then the amount at age 0.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import Breakdown, BreakdownValue
from bihuan.analytics.retention.cohorts import Cohorts, cohorts
from bihuan.analytics.retention.query import AgeRange, RetentionQuery, RetentionSelection
from bihuan.analytics.retention.rolled_up import cells_sql, cohort_people_sql
from bihuan.analytics.sql import gathered, key_of, top_keys
from bihuan.warehouse.sql import literal

MAX_NUMBERS = 500_000


def retention_sql(ctx: ProjectContext, query: RetentionQuery) -> str:
    """The statement."""
    table = cohorts(ctx, query)
    _check_size(table)
    rolled_up = cells_sql(table)
    if rolled_up is not None:
        return rolled_up
    people = ", ".join(f"countIf({_came_back(table, column)})" for column in table.columns)
    amounts, base = "CAST([] AS Array(Float64))", "toFloat64(0)"
    if table.measured:
        amounts = "[" + ", ".join(f"sum({_amount(column)})" for column in table.columns) + "]"
        base = f"sum({_amount(AgeRange(first=0, last=0))})"
    cells = (
        f"SELECT key, cohort, count() AS size, [{people}] AS people, {amounts} AS amounts, {base} AS base\n"
        f"FROM (\n{table.rows_sql()}\n)\nGROUP BY key, cohort"
    )
    if query.breakdown is None or query.breakdown.bounds is not None:
        return cells
    return _gathered_cells(cells, query.breakdown, measured=table.measured)


def people_sql(ctx: ProjectContext, query: RetentionQuery, selection: RetentionSelection) -> str:
    """The people of a cohort, or those of a cell who came back or did not."""
    table = cohorts(ctx, query)
    cell = None
    if selection.column is not None:
        if selection.column >= len(table.columns):
            raise SelectionInvalid(path="column", reason=f"there is no column {selection.column}")
        column = table.columns[selection.column]
        cell = in_cell(table, column, begun_age=column.first, returned=selection.returned)
    elif not selection.returned:
        raise SelectionInvalid(path="column", reason="only a column has people who did not come back")
    if selection.breakdown is None:
        cohort = None if selection.cohort is None else _cohort(table, selection.cohort)
        chosen = None if selection.column is None else table.columns[selection.column]
        rolled_up = cohort_people_sql(table, cohort, chosen, returned=selection.returned)
        if rolled_up is not None:
            return rolled_up
    return members_sql(table, selection.cohort, selection.breakdown, cell)


def members_sql(
    table: Cohorts, cohort: str | None, breakdown: BreakdownValue | None, cell: str | None
) -> str:
    """The people of one cohort or all, of one breakdown value or all, of whose rows a condition holds."""
    conditions = [] if cell is None else [cell]
    if cohort is not None:
        conditions.append(f"cohort = {_cohort(table, cohort)}")
    if breakdown is not None:
        conditions.append(_in_group(table, key_of(breakdown)))
    where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT DISTINCT person FROM (\n{table.rows_sql()}\n){where}"


def in_cell(table: Cohorts, column: AgeRange, *, begun_age: int, returned: bool) -> str:
    """Condition: the cell has begun, as it does with ``begun_age``, and the person came back in it or not."""
    begun = f"cohort + {begun_age} <= {table.units.running()}"
    return f"{begun} AND {'' if returned else 'NOT '}({_came_back(table, column)})"


def _came_back(table: Cohorts, column: AgeRange) -> str:
    return table.sets.has_any("later", column.first, column.last)


def _amount(column: AgeRange) -> str:
    last = "" if column.last is None else f" AND age <= {column.last}"
    return f"arraySum((age, amount) -> if(age >= {column.first}{last}, amount, 0), ages, age_amounts)"


def _gathered_cells(cells: str, breakdown: Breakdown, *, measured: bool) -> str:
    """The cells with the keys of the smaller groups made one."""
    amounts = "sumForEach(cell_amounts)" if measured else "any(cell_amounts)"
    named = (
        "SELECT key, cohort, size AS cell_size, people AS cell_people, amounts AS cell_amounts, "
        f"base AS cell_base, sum(size) OVER (PARTITION BY key) AS weight FROM (\n{cells}\n)"
    )
    ranked = f"SELECT *, dense_rank() OVER (ORDER BY weight DESC, key) AS rank FROM (\n{named}\n)"
    return (
        f"SELECT if(rank <= {breakdown.top_n}, key, 'o') AS shown, cohort, sum(cell_size) AS size, "
        f"sumForEach(cell_people) AS people, {amounts} AS amounts, sum(cell_base) AS base\n"
        f"FROM (\n{ranked}\n)\nGROUP BY shown, cohort"
    )


def _cohort(table: Cohorts, label: str) -> int:
    try:
        cohort = table.units.of_label(label)
    except ValueError as error:
        raise SelectionInvalid(path="cohort", reason=f"'{label}' is not a {table.query.interval}") from error
    if cohort >= table.count:
        raise SelectionInvalid(path="cohort", reason=f"'{label}' is after the period")
    return cohort


def _in_group(table: Cohorts, key: str) -> str:
    breakdown = table.query.breakdown
    if breakdown is None:
        raise SelectionInvalid(path="breakdown", reason="the query has no breakdown")
    if breakdown.bounds is not None:
        return f"key = {literal(key)}"
    return f"{gathered('key', top_keys(table.rows_sql(), 'key', breakdown))} = {literal(key)}"


def _check_size(table: Cohorts) -> None:
    breakdown = table.query.breakdown
    groups = 1
    if breakdown is not None:
        groups = breakdown.top_n + 1 if breakdown.bounds is None else len(breakdown.bounds) + 2
    numbers = table.count * len(table.columns) * groups
    if numbers > MAX_NUMBERS:
        raise QueryTooLarge(numbers=numbers, most=MAX_NUMBERS)
