"""The SQL of retention: one row for each group and cohort.

Columns of the result: cohort (number of the unit), size, and by column of the table arrays of people who came
back and of amounts; the amount at age 0; then the keys of the group.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import Breakdown, Breakdowns, BreakdownValues
from bihuan.analytics.retention.cohorts import Cohorts, cohorts
from bihuan.analytics.retention.query import AgeRange, RetentionQuery, RetentionSelection
from bihuan.analytics.retention.rolled_up import cells_sql, cohort_people_sql
from bihuan.analytics.sql.breakdowns import OTHER_KEY, value_names
from bihuan.analytics.sql.groups import also, check_size, group_names, grouped_rows, in_group, kept_sql

MAX_NUMBERS = 500_000
# Of a value: the people of its cohorts, each cohort by itself.
WEIGHT = "count()"


def retention_sql(ctx: ProjectContext, query: RetentionQuery) -> str:
    """The statement."""
    table = cohorts(ctx, query)
    check_size(table.count * len(table.columns), query.breakdowns, MAX_NUMBERS)
    rolled_up = cells_sql(table)
    if rolled_up is not None:
        return rolled_up
    people = ", ".join(f"countIf({_came_back(table, column)})" for column in table.columns)
    amounts, base = "CAST([] AS Array(Float64))", "toFloat64(0)"
    if table.measured:
        amounts = "[" + ", ".join(f"sum({_amount(column)})" for column in table.columns) + "]"
        base = f"sum({_amount(AgeRange(first=0, last=0))})"
    values = also(value_names(query.breakdowns))
    cells = (
        f"SELECT cohort, count() AS size, [{people}] AS people, {amounts} AS amounts, "
        f"{base} AS base{values}\n"
        f"FROM (\n{table.rows_sql()}\n)\nGROUP BY cohort{values}"
    )
    if all(breakdown.bounds is not None for breakdown in query.breakdowns):
        return cells
    return _gathered_cells(cells, query.breakdowns, measured=table.measured)


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
    if not selection.breakdown:
        cohort = None if selection.cohort is None else _cohort(table, selection.cohort)
        chosen = None if selection.column is None else table.columns[selection.column]
        rolled_up = cohort_people_sql(table, cohort, chosen, returned=selection.returned)
        if rolled_up is not None:
            return rolled_up
    return members_sql(table, selection.cohort, selection.breakdown, cell)


def members_sql(table: Cohorts, cohort: str | None, breakdown: BreakdownValues, cell: str | None) -> str:
    """The people of one cohort or all, of one group or (empty) all, of whose rows a condition holds."""
    conditions = [] if cell is None else [cell]
    if cohort is not None:
        conditions.append(f"cohort = {_cohort(table, cohort)}")
    kept, rows, breakdowns = "", table.rows_sql(), table.query.breakdowns
    of_group = in_group(breakdowns, breakdown)
    if of_group:
        conditions += of_group
        kept = kept_sql(rows, breakdowns, weight=WEIGHT)
        rows = grouped_rows(rows, breakdowns)
    where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
    return f"{kept}SELECT DISTINCT person FROM (\n{rows}\n){where}"


def in_cell(table: Cohorts, column: AgeRange, *, begun_age: int, returned: bool) -> str:
    """Condition: the cell has begun, as it does with ``begun_age``, and the person came back in it or not."""
    begun = f"cohort + {begun_age} <= {table.units.running()}"
    return f"{begun} AND {'' if returned else 'NOT '}({_came_back(table, column)})"


def _came_back(table: Cohorts, column: AgeRange) -> str:
    return table.sets.has_any("later", column.first, column.last)


def _amount(column: AgeRange) -> str:
    last = "" if column.last is None else f" AND age <= {column.last}"
    return f"arraySum((age, amount) -> if(age >= {column.first}{last}, amount, 0), ages, age_amounts)"


def _gathered_cells(cells: str, breakdowns: Breakdowns, *, measured: bool) -> str:
    """The cells with the keys of the smaller groups made one, as ``kept_sql`` would, read once."""
    amounts = "sumForEach(cell_amounts)" if measured else "any(cell_amounts)"
    cut = [n for n, breakdown in enumerate(breakdowns) if breakdown.bounds is None]
    weights = also([f"sum(size) OVER (PARTITION BY b{n}) AS weight{n}" for n in cut])
    ranks = also([f"dense_rank() OVER (ORDER BY weight{n} DESC, b{n}) AS rank{n}" for n in cut])
    shown = also([_shown(breakdown, n) for n, breakdown in enumerate(breakdowns)])
    named = (
        "SELECT cohort, size AS cell_size, people AS cell_people, amounts AS cell_amounts, "
        f"base AS cell_base{also(value_names(breakdowns))}{weights} FROM (\n{cells}\n)"
    )
    return (
        f"SELECT cohort, sum(cell_size) AS size, sumForEach(cell_people) AS people, {amounts} AS amounts, "
        f"sum(cell_base) AS base{shown}\nFROM (\nSELECT *{ranks} FROM (\n{named}\n)\n)\n"
        f"GROUP BY cohort{also(group_names(breakdowns))}"
    )


def _shown(breakdown: Breakdown, place: int) -> str:
    if breakdown.bounds is not None:
        return f"b{place} AS k{place}"
    return f"if(rank{place} <= {breakdown.top_n}, b{place}, '{OTHER_KEY}') AS k{place}"


def _cohort(table: Cohorts, label: str) -> int:
    try:
        cohort = table.units.of_label(label)
    except ValueError as error:
        raise SelectionInvalid(path="cohort", reason=f"'{label}' is not a {table.query.interval}") from error
    if cohort >= table.count:
        raise SelectionInvalid(path="cohort", reason=f"'{label}' is after the period")
    return cohort
