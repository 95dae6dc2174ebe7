"""The SQL of a persona: one statement for each facet, and one for the sizes."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.conditions import everyone_sql
from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.persona.query import (
    AnyFacet,
    AtTouch,
    Events,
    FacetSelection,
    Hours,
    OfNumber,
    OfPerson,
)
from bihuan.analytics.query.breakdown import range_label
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sql import PropertyAccess, events_source
from bihuan.analytics.sql.properties import AssignedAccess
from bihuan.analytics.statistic import beside_all
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import array, literal

# Of keys: who has any value; a value; all the others.
ANY, VALUE, OTHER = "", "v", "o"
_TENTHS = ", ".join(repr(index / 10) for index in range(1, 10))


@dataclass(frozen=True)
class Sets:
    """Whom a persona is of and whom it is compared with, as SELECTs of ``person``.

    ``other`` None is everyone, the audience's people among them. Of another audience those count who are not
    in the first.
    """

    audience: str
    other: str | None = None

    @property
    def columns(self) -> str:
        """SQL of ``inside`` and, for the set compared with, ``outside``, for a row with ``person``."""
        inside = f"person IN ({self.audience}) AS inside"
        if self.other is None:
            return f"{inside}, true AS outside"
        return f"{inside}, (NOT inside AND person IN ({self.other})) AS outside"


def sizes_sql(ctx: ProjectContext, sets: Sets) -> str:
    """The statement: how many people are in the audience and in the set compared with."""
    rows = _everyone_sql(ctx, sets)
    return f"SELECT countIf(inside), countIf(outside)\nFROM (\nSELECT {sets.columns}\nFROM (\n{rows}\n)\n)"


def facet_sql(ctx: ProjectContext, facet: AnyFacet, sets: Sets) -> str:
    """The statement of a facet.

    Rows of ``key, inside, outside``: people who have it; of numbers, see ``number_sql``.
    """
    if isinstance(facet, OfNumber):
        return number_sql(ctx, facet, sets)
    keys = f"arrayMap(key -> concat('{VALUE}', key), arrayDistinct(keys))"
    rows = (
        f"SELECT {sets.columns}, arrayJoin(arrayPushFront({keys}, '{ANY}')) AS key\n"
        f"FROM (\n{_keys_sql(ctx, facet, sets)}\n)\nWHERE notEmpty(keys) AND (inside OR outside)"
    )
    counts = f"SELECT key, countIf(inside) AS ins, countIf(outside) AS outs\nFROM (\n{rows}\n)\nGROUP BY key"
    if isinstance(facet, Hours):
        return f"SELECT key, ins, outs\nFROM (\n{counts}\n)\nORDER BY key"
    # The greatest counts are of those who have any value.
    shares = "greatest(ins / greatest(max(ins) OVER (), 1), outs / greatest(max(outs) OVER (), 1))"
    ranked = (
        f"SELECT key, ins, outs, row_number() OVER (ORDER BY key != '{ANY}', share DESC, key) AS rank\n"
        f"FROM (\nSELECT key, ins, outs, {shares} AS share\nFROM (\n{counts}\n)\n)"
    )
    name = f"if(rank <= {facet.top_n + 1}, key, '{OTHER}')"
    return (
        f"SELECT {name} AS name, sum(ins), sum(outs)\nFROM (\n{ranked}\n)\nGROUP BY name\nORDER BY min(rank)"
    )


def facet_people_sql(ctx: ProjectContext, facet: AnyFacet, sets: Sets, selection: FacetSelection) -> str:
    """SELECT of ``person``: who is behind a number of a facet.

    Raises:
        SelectionInvalid: there is no such range of numbers.
    """
    side = "inside" if selection.of == "audience" else "outside"
    if isinstance(facet, OfNumber):
        chosen, wanted = _numbers_sql(ctx, facet.property, sets), "isNotNull(number)"
        if selection.value is not None:
            wanted = f"ifNull({_in_range(facet, selection.value)}, false)"
    else:
        chosen, wanted = _keys_sql(ctx, facet, sets), "notEmpty(keys)"
        if selection.value is not None:
            wanted = f"has(keys, {literal(selection.value)})"
    chosen = f"SELECT person FROM (\n{chosen}\n) WHERE {wanted}"
    if selection.value is not None:
        return f"SELECT person\nFROM (\nSELECT person, {sets.columns}\nFROM (\n{chosen}\n)\n)\nWHERE {side}"
    everyone = f"SELECT person, {sets.columns}\nFROM (\n{_everyone_sql(ctx, sets)}\n)"
    return f"SELECT person\nFROM (\n{everyone}\n)\nWHERE {side} AND person NOT IN (\n{chosen}\n)"


def number_sql(ctx: ProjectContext, facet: OfNumber, sets: Sets) -> str:
    """The statement of a facet of numbers.

    Rows of ``range, inside, outside`` and, the same in all: bounds, means, medians.
    """
    numbers = _numbers_sql(ctx, facet.property, sets)
    rows = (
        f"SELECT toFloat64(assumeNotNull(given)) AS number, toUInt8({_flag('inside')}) AS ins, "
        f"toUInt8({_flag('outside')}) AS outs\n"
        f"FROM (\nSELECT number AS given, {sets.columns}\nFROM (\n{numbers}\n)\n)\n"
        "WHERE isNotNull(given) AND (inside OR outside)"
    )
    if facet.bounds is None:
        bounds = f"arrayDistinct(quantilesExactInclusive({_TENTHS})(number))"
    else:
        bounds = f"CAST({array(facet.bounds)} AS Array(Float64))"
    figures = {"bounds": bounds}
    for name in ("ins", "outs"):
        figures[f"mean_{name}"] = f"avgIf(number, {name} = 1)"
        figures[f"median_{name}"] = f"quantileExactInclusiveIf(0.5)(number, {name} = 1)"
    beside = beside_all(rows, ["number", "ins", "outs"], figures)
    summary = ", ".join(f"any({name})" for name in figures)
    return (
        f"SELECT arrayCount(bound -> bound <= number, bounds) AS range, countIf(ins = 1), countIf(outs = 1), "
        f"{summary}\nFROM (\n{beside}\n)\nGROUP BY range\nORDER BY range"
    )


def _everyone_sql(ctx: ProjectContext, sets: Sets) -> str:
    """SELECT of ``person``: of both sets, each once."""
    if sets.other is None:
        return everyone_sql(ctx)
    return f"SELECT DISTINCT person FROM (\n{sets.audience}\nUNION ALL\n{sets.other}\n)"


def _in_range(facet: OfNumber, label: str) -> str:
    bounds = facet.bounds or ()
    labels = [range_label(bounds, index) for index in range(len(bounds) + 1)] if bounds else []
    if label not in labels:
        raise SelectionInvalid(path="value", reason=f"no range is called '{label}'")
    index = labels.index(label)
    low = [f"number >= {literal(bounds[index - 1])}"] if index else []
    high = [f"number < {literal(bounds[index])}"] if index < len(bounds) else []
    return " AND ".join([*low, *high])


def _flag(name: str) -> str:
    return f"ifNull({name}, false)"


def _keys_sql(ctx: ProjectContext, facet: OfPerson | AtTouch | Events | Hours, sets: Sets) -> str:
    """SELECT of ``person, keys``: each person's values as texts."""
    if isinstance(facet, OfPerson):
        return _of_person_sql(ctx, facet.property, sets)
    if isinstance(facet, Events):
        source = events_source(ctx).between(*instants(facet.window, ctx)).column("key", "toString(e.event)")
        return f"SELECT person, groupUniqArray(key) AS keys\nFROM (\n{source.sql()}\n)\nGROUP BY person"
    source = events_source(ctx, selectors=[facet.event]).between(*instants(facet.window, ctx))
    if isinstance(facet, Hours):
        source.column("key", f"toString(toHour(e.time, {literal(ctx.time_zone)}))")
        return f"SELECT person, groupUniqArray(key) AS keys\nFROM (\n{source.sql()}\n)\nGROUP BY person"
    text = source.text(facet.property)
    source.column("event_id", "e.event_id").column("given", f"assumeNotNull(toString({text}))")
    source.where(f"isNotNull({text})")
    pick = "argMin" if facet.which == "first" else "argMax"
    return (
        f"SELECT person, [{pick}(given, (time, event_id))] AS keys\nFROM (\n{source.sql()}\n)\n"
        "GROUP BY person"
    )


def _of_person_sql(ctx: ProjectContext, ref: PropertyRef, sets: Sets) -> str:
    if ref.scope != "person":
        return f"SELECT person, [value] AS keys\n{_assigned(ctx, ref, sets)}"
    items = PropertyAccess("p", ctx.time_zone).items(ref)
    return f"SELECT p.person_id AS person, {items} AS keys\n{_profiles(ctx)}"


def _numbers_sql(ctx: ProjectContext, ref: PropertyRef, sets: Sets) -> str:
    """SELECT of ``person, number``, NULL for none."""
    if ref.scope != "person":
        number = AssignedAccess("value", ctx.time_zone).number(ref)
        return f"SELECT person, {number} AS number\n{_assigned(ctx, ref, sets)}"
    number = PropertyAccess("p", ctx.time_zone).number(ref)
    return f"SELECT p.person_id AS person, {number} AS number\n{_profiles(ctx)}"


def _assigned(ctx: ProjectContext, ref: PropertyRef, sets: Sets) -> str:
    # Values can be given to people of whom nothing else is known, and these are not part of everyone.
    known = f"\nWHERE person IN (\n{everyone_sql(ctx)}\n)" if sets.other is None else ""
    return f"FROM ({value_sql(ctx.table, ref.name)}){known}"


def _profiles(ctx: ProjectContext) -> str:
    return f"FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"
