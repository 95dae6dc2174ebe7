"""The numbers of a persona: how an audience differs, and in what most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bihuan.analytics.persona.query import AnyFacet, Hours, OfNumber, PersonaQuery
from bihuan.analytics.persona.sql import ANY, OTHER
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.breakdown import range_label
from bihuan.stats import adjusted_p_values, proportion, proportion_difference, representation, share_ratio

Row = Sequence[Any]


class Interval(Value):
    """A figure with its 95 % interval; ``high`` None has no end."""

    value: float
    low: float
    high: float | None


class Shares(Value):
    """How many people have a value, of the audience and of the set compared with, and how these differ.

    ``share`` and ``other_share`` are of everyone in the sets, whether they have a value or not (None: the set
    is empty). ``ratio`` is share ÷ other share (100 of it is the TGI), ``difference`` share - other share.
    ``p_value`` is two-sided, ``adjusted`` the same among all of the persona (Benjamini–Hochberg).
    """

    value: str | None
    other: bool = False
    people: int
    others: int
    share: Interval | None
    other_share: Interval | None
    ratio: Interval | None
    difference: Interval | None
    p_value: float | None
    adjusted: float | None = None


class FacetComparison(Value):
    """A facet: its values, those who have none as value None, and the rest as ``other``.

    ``several``: a person may have several values; then the rest is not counted. Of numbers also the bounds of
    the ranges, means and medians.
    """

    facet: int
    several: bool
    values: tuple[Shares, ...]
    bounds: tuple[float, ...] = ()
    mean: float | None = None
    median: float | None = None
    other_mean: float | None = None
    other_median: float | None = None


class Finding(Value):
    """Where the audience surely differs: ``sure`` is the least difference that its interval allows."""

    facet: int
    value: str | None
    direction: Literal["over", "under"]
    sure: float
    difference: float
    ratio: float | None
    adjusted: float


class Persona(Value):
    """An audience compared; findings with the greatest ``sure`` difference first."""

    people: int
    others: int
    against: Literal["everyone", "audience"]
    facets: tuple[FacetComparison, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Sizes:
    people: int
    others: int
    whole: bool

    def shares(self, value: str | None, people: int, others: int, *, other: bool = False) -> Shares:
        # People may have come or gone between two statements.
        people = min(people, self.people)
        others = max(0, min(others, self.others))
        if self.whole:
            others = min(max(others, people), self.others - self.people + people)
            found = representation(people, self.people, others, self.others)
            ratio, difference = _interval(found.ratio, "value"), _interval(found.difference, "value")
            p_value = found.p_value
        else:
            counts = (people, self.people, others, self.others)
            gap = proportion_difference(*counts)
            ratio, difference = _interval(share_ratio(*counts), "ratio"), _interval(gap, "difference")
            p_value = gap.p_value
        return Shares(
            value=value,
            other=other,
            people=people,
            others=others,
            share=_interval(proportion(people, self.people), "share"),
            other_share=_interval(proportion(others, self.others), "share"),
            ratio=ratio,
            difference=difference,
            p_value=p_value,
        )


def read_persona(
    query: PersonaQuery, sizes: Sequence[Row], rows: Sequence[Sequence[Row]], *, against_everyone: bool
) -> Persona:
    """The result of the rows of ``sizes_sql`` and of ``facet_sql`` of each facet."""
    people, others = sizes[0]
    known = _Sizes(people, max(people, others) if against_everyone else others, against_everyone)
    facets = tuple(
        _numbers(index, facet, own, known)
        if isinstance(facet, OfNumber)
        else _values(index, facet, own, known)
        for index, (facet, own) in enumerate(zip(query.facets, rows, strict=True))
    )
    facets = _adjusted(facets)
    return Persona(
        people=people,
        others=known.others,
        against="everyone" if against_everyone else "audience",
        facets=facets,
        findings=_findings(facets, query.false_findings),
    )


def _values(index: int, facet: AnyFacet, rows: Sequence[Row], sizes: _Sizes) -> FacetComparison:
    any_people, any_others = next(((row[1], row[2]) for row in rows if row[0] == ANY), (0, 0))
    own = [row for row in rows if row[0] != ANY]
    several = (sum(row[1] for row in own), sum(row[2] for row in own)) != (any_people, any_others)
    given = [(row[0][1:], row[1], row[2]) for row in own if row[0] != OTHER]
    if isinstance(facet, Hours):
        given.sort(key=lambda each: int(each[0]))
    values = [sizes.shares(*each) for each in given]
    if not several:
        values += [sizes.shares(None, row[1], row[2], other=True) for row in own if row[0] == OTHER]
    values.append(sizes.shares(None, sizes.people - any_people, sizes.others - any_others))
    return FacetComparison(facet=index, several=several, values=tuple(values))


def _numbers(index: int, facet: OfNumber, rows: Sequence[Row], sizes: _Sizes) -> FacetComparison:
    bounds = tuple(rows[0][3]) if rows else facet.bounds or ()
    found = {row[0]: (row[1], row[2]) for row in rows}
    values = [
        sizes.shares(range_label(bounds, each), *found.get(each, (0, 0)))
        for each in (range(len(bounds) + 1) if bounds else ())
    ]
    with_one = [sum(row[column] for row in rows) for column in (1, 2)]
    values.append(sizes.shares(None, sizes.people - with_one[0], sizes.others - with_one[1]))
    mean, median = rows[0][4:6] if with_one[0] else (None, None)
    other_mean, other_median = rows[0][6:8] if with_one[1] else (None, None)
    return FacetComparison(
        facet=index,
        several=False,
        values=tuple(values),
        bounds=bounds,
        mean=mean,
        median=median,
        other_mean=other_mean,
        other_median=other_median,
    )


def _adjusted(facets: Sequence[FacetComparison]) -> tuple[FacetComparison, ...]:
    found = iter(adjusted_p_values([each.p_value for facet in facets for each in facet.values]))
    return tuple(
        facet.model_copy(
            update={
                "values": tuple(each.model_copy(update={"adjusted": next(found)}) for each in facet.values)
            }
        )
        for facet in facets
    )


def _findings(facets: Sequence[FacetComparison], false_findings: float) -> tuple[Finding, ...]:
    found = []
    for facet in facets:
        for each in facet.values:
            gap = each.difference
            if each.other or gap is None or gap.high is None or each.adjusted is None:
                continue
            sure = max(gap.low, -gap.high)
            if sure > 0 and each.adjusted <= false_findings:
                found.append(
                    Finding(
                        facet=facet.facet,
                        value=each.value,
                        direction="over" if gap.low > 0 else "under",
                        sure=sure,
                        difference=gap.value,
                        ratio=None if each.ratio is None else each.ratio.value,
                        adjusted=each.adjusted,
                    )
                )
    return tuple(sorted(found, key=lambda each: (-round(each.sure, 9), each.facet, each.value or "")))


def _interval(found: Any, name: str) -> Interval | None:
    value = None if found is None else getattr(found, name)
    if value is None:
        return None
    return Interval(value=value, low=found.low, high=None if math.isinf(found.high) else found.high)
