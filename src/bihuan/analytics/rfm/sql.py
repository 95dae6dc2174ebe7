"""The SQL of RFM: buyers' figures in one reading of the purchases, each beside the cuts of all buyers."""

from __future__ import annotations

from typing import Literal

from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.rfm.query import GROUPS, AnyCuts, Fixed, Mean, Quantiles, RfmQuery, RfmSelection
from bihuan.analytics.sql import events_source, local_date
from bihuan.analytics.statistic import beside_all, last_day_sql
from bihuan.warehouse.sql import array

FIGURES = ("recency", "frequency", "monetary")
SCORES = tuple(f"{figure}_score" for figure in FIGURES)
_CUTS = tuple(f"{figure}_cuts" for figure in FIGURES)


def rfm_sql(ctx: ProjectContext, query: RfmQuery, *, among: str | None = None) -> str:
    """The statement: of each combination of scores the buyers, what they spent, and the cuts.

    ``among``: a SELECT of the only buyers there are.
    """
    columns = [*FIGURES, "spent"]
    rows = beside_all(_buyers_sql(ctx, query, among), columns, _cuts(query))
    figures = "count(), sum(monetary), sum(spent), sum(recency), sum(frequency)"
    return (
        f"SELECT {', '.join(SCORES)}, {figures}, {', '.join(f'any({name})' for name in _CUTS)}\n"
        f"FROM (\nSELECT *, {_scores(query)}\nFROM (\n{rows}\n)\n)\nGROUP BY {', '.join(SCORES)}\n"
        f"ORDER BY {', '.join(SCORES)}"
    )


def values_sql(
    ctx: ProjectContext,
    query: RfmQuery,
    *,
    of: Literal["group", "scores"] = "group",
    among: str | None = None,
) -> str:
    """SELECT of ``person, value``: the group of every buyer, or the three scores as ``5-4-3``.

    ``among``: a SELECT of the only persons in question; cuts are those of all buyers all the same.
    """
    parts = ", '-', ".join(f"toString({score})" for score in SCORES)
    value = f"concat({parts})"
    if of == "group":
        value = f"{array(group.code for group in GROUPS)}[{_GROUP_INDEX}]"
    few = "" if among is None else f"\nWHERE person IN ({among})"
    return f"SELECT person, {value} AS value\nFROM (\n{_graded_sql(ctx, query)}\n){few}"


def people_sql(ctx: ProjectContext, query: RfmQuery, selection: RfmSelection) -> str:
    """SELECT of ``person``: the buyers selected."""
    wanted = (selection.recency, selection.frequency, selection.monetary)
    tests = [f"{name} = {score}" for name, score in zip(SCORES, wanted, strict=True) if score is not None]
    if selection.group is not None:
        codes = [group.code for group in GROUPS]
        tests.append(f"{_GROUP_INDEX} = {codes.index(selection.group) + 1}")
    return f"SELECT person\nFROM (\n{_graded_sql(ctx, query)}\n)\nWHERE {' AND '.join(tests) or 'true'}"


# Where in GROUPS a buyer's group is, from 1: it is listed by value, then recency, then frequency.
_GROUP_INDEX = "1 + 4 * (NOT monetary_high) + 2 * (NOT recency_high) + (NOT frequency_high)"


def _graded_sql(ctx: ProjectContext, query: RfmQuery) -> str:
    """SELECT of every buyer with the scores and which of them are high."""
    rows = beside_all(_buyers_sql(ctx, query, None), ["person", *FIGURES], _cuts(query))
    scored = f"SELECT person, {_scores(query)}\nFROM (\n{rows}\n)"
    means = {f"{score}_mean": f"avg({score})" for score in SCORES}
    beside = beside_all(scored, ["person", *SCORES], means)
    high = [
        f"{score} > {score}_mean" if cuts.high_from is None else f"{score} >= {cuts.high_from}"
        for score, cuts in zip(SCORES, query.cuts, strict=True)
    ]
    named = ", ".join(f"{test} AS {figure}_high" for test, figure in zip(high, FIGURES, strict=True))
    return f"SELECT person, {', '.join(SCORES)}, {named}\nFROM (\n{beside}\n)"


def _buyers_sql(ctx: ProjectContext, query: RfmQuery, among: str | None) -> str:
    """SELECT of ``person``, the three figures and ``spent``, none of them NULL."""
    source = events_source(ctx, selectors=[query.event]).between(*instants(query.window, ctx))
    if among is not None:
        source.where(f"{source.person} IN ({among})")
    spent, mean = "toFloat64(count())", "toFloat64(1)"
    if query.revenue is not None:
        source.column("revenue", f"CAST({source.number(query.revenue)} AS Nullable(Float64))")
        # In their last digits sums depend on the order of the rows, and scores shall not.
        spent, mean = "round(ifNull(sum(revenue), 0), 6)", "round(ifNull(avg(revenue), 0), 6)"
    frequency = "count()" if query.frequency == "count" else f"uniqExact({local_date(ctx, 'time')})"
    recency = f"{last_day_sql(ctx, query.window)} - {local_date(ctx, 'max(time)')}"
    return (
        f"SELECT person, toInt32({recency}) AS recency, toUInt32({frequency}) AS frequency, "
        f"{spent if query.monetary == 'sum' else mean} AS monetary, {spent} AS spent\n"
        f"FROM (\n{source.sql()}\n)\nGROUP BY person"
    )


def _cuts(query: RfmQuery) -> dict[str, str]:
    """Aggregates over all buyers: the cuts of each figure, arrays."""
    return {name: _cut(figure, cuts) for name, figure, cuts in zip(_CUTS, FIGURES, query.cuts, strict=True)}


def _cut(figure: str, cuts: AnyCuts) -> str:
    match cuts:
        case Quantiles():
            levels = ", ".join(repr(index / cuts.scores) for index in range(1, cuts.scores))
            return f"quantilesExactInclusive({levels})({figure})"
        case Mean():
            return f"[avg({figure})]"
        case Fixed():
            return f"CAST({array(cuts.cuts)} AS Array(Float64))"


def scores_of(cuts: AnyCuts) -> int:
    """How many scores there are."""
    match cuts:
        case Quantiles():
            return cuts.scores
        case Mean():
            return 2
        case Fixed():
            return len(cuts.cuts) + 1


def _scores(query: RfmQuery) -> str:
    return ", ".join(
        f"{_score(figure, cuts)} AS {figure}_score" for figure, cuts in zip(FIGURES, query.cuts, strict=True)
    )


def _score(figure: str, cuts: AnyCuts) -> str:
    """SQL: 1 and how many cuts the figure is better than; less is better for recency."""
    sign = ">=" if isinstance(cuts, Fixed) and figure != "recency" else ">"
    tests = [f"({figure} {sign} {figure}_cuts[{index}])" for index in range(1, scores_of(cuts))]
    above = " + ".join(tests)
    return f"{scores_of(cuts)} - ({above})" if figure == "recency" else f"1 + {above}"
