"""Who is in which group, since when: from the log or from the table of assignments, as one SELECT.

A person counts for the group they were in first, whatever happened to them later (intention to treat).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics import ProjectContext
from bihuan.analytics.query import EventSelector, FilterGroup, PropertyRef, TextFilter
from bihuan.analytics.query.base import Value
from bihuan.analytics.sql import EventsSource, PropertyAccess
from bihuan.warehouse.assignments import TABLE, owners_sql, value_sql
from bihuan.warehouse.sql import array, literal

EXPOSED, HELD_OUT, SENT = "$experiment_exposed", "$campaign_held_out", "$message_sent"
HOLDOUT, TREATED = "holdout", "treated"
MOST_SEGMENTS = 5
_VARIANT = PropertyRef(name="$variant")


class Exposed(Value):
    """Those to whom a flag showed a variant, from the first time on."""

    kind: Literal["exposed"] = "exposed"


class Assigned(Value):
    """Those who were put into groups when it began (``record_groups``), whether or not they were reached."""

    kind: Literal["assigned"] = "assigned"
    subject_id: str | None = Field(default=None, max_length=64, description="The experiment itself if null.")


class ByEvent(Value):
    """Those with an event that somebody else's assignment wrote; a property of it names the variant."""

    kind: Literal["event"] = "event"
    event: EventSelector
    variant: PropertyRef

    @model_validator(mode="after")
    def _of_event(self) -> Self:
        if self.variant.scope != "event":
            raise ValueError("the variant is a property of the event")
        return self


class OfCampaign(Value):
    """Those whom a campaign reached ('treated', or the variant sent), and whom it held out ('holdout').

    From the log. Who was to be reached and was not (no consent, a cap) is in neither group, which makes them
    differ; ``Assigned`` does not have this weakness.
    """

    kind: Literal["campaign"] = "campaign"
    campaign_id: str = Field(min_length=1, max_length=64)
    by_variant: bool = False


class OfSelect(Value):
    """Those of a SELECT of ``person, variant, since`` (Unix ms), each once. Never taken from outside."""

    kind: Literal["select"] = "select"
    sql: str


Source = Annotated[Exposed | Assigned | ByEvent | OfCampaign, Field(discriminator="kind")]
AnySource = Exposed | Assigned | ByEvent | OfCampaign | OfSelect


class Groups(Value):
    """Whom a reading is about: people of a source who entered one of ``variants`` in ``[from_ms, to_ms)``.

    ``segments``: properties and tags of people, and, where the source is events, of the event that let them
    in. They must not be anything that the treatment changes.
    """

    subject_id: str
    source: AnySource
    variants: tuple[str, ...] = Field(min_length=1, max_length=20)
    from_ms: int
    to_ms: int
    segments: tuple[PropertyRef, ...] = Field(default=(), max_length=MOST_SEGMENTS)


def groups_sql(ctx: ProjectContext, groups: Groups) -> str:
    """SELECT of ``person, variant, since`` (Unix ms), ``several`` (UInt8) and ``segment_0`` … (String)."""
    if isinstance(groups.source, Assigned):
        entered = _assigned_sql(ctx, groups, groups.source)
    elif isinstance(groups.source, OfSelect):
        entered = f"SELECT person, variant, since, toUInt8(0) AS several FROM (\n{groups.source.sql}\n)"
    else:
        entered = _logged_sql(ctx, groups, groups.source)
    joins: list[str] = []
    columns = ["g.person AS person", "g.variant AS variant", "g.since AS since", "g.several AS several"]
    for index, ref in enumerate(groups.segments):
        if ref.scope == "event":
            columns.append(f"g.segment_{index} AS segment_{index}")
            continue
        values = _known_sql(ctx, ref)
        joins.append(f"LEFT ANY JOIN ({values}) AS k{index} ON k{index}.person = g.person")
        columns.append(f"ifNull(k{index}.value, '') AS segment_{index}")
    within = f"g.since >= {groups.from_ms} AND g.since < {groups.to_ms}"
    return "\n".join(
        [f"SELECT {', '.join(columns)}", f"FROM (\n{entered}\n) AS g", *joins, f"WHERE {within}"]
    )


def _assigned_sql(ctx: ProjectContext, groups: Groups, source: Assigned) -> str:
    subject = literal(source.subject_id or groups.subject_id)
    rows = f"FROM {ctx.table(TABLE)} WHERE subject_id = {subject} AND value IN {array(groups.variants)}"
    owners = owners_sql(ctx.table, f"SELECT DISTINCT person_id {rows}")
    none = "".join(
        f", '' AS segment_{index}" for index, ref in enumerate(groups.segments) if ref.scope == "event"
    )
    return (
        "SELECT o.person AS person, argMin(a.value, (a.time, a.value)) AS variant, "
        "toUnixTimestamp64Milli(min(a.time)) AS since, toUInt8(uniqExact(a.value) > 1) AS several"
        f"{none}\nFROM (SELECT person_id, time, value {rows}) AS a "
        f"INNER JOIN ({owners}) AS o ON o.person_id = a.person_id GROUP BY person"
    )


def _logged_sql(ctx: ProjectContext, groups: Groups, source: AnySource) -> str:
    rows = EventsSource(ctx).between(groups.from_ms, groups.to_ms).selecting(_selectors(groups, source))
    rows.column("person", rows.person).column("at", "e.time").column("id", "e.event_id")
    rows.column("said", _variant_sql(rows, source))
    columns = ""
    for index, ref in enumerate(groups.segments):
        if ref.scope == "event":
            rows.column(f"said_{index}", f"toString(ifNull({rows.text(ref)}, ''))")
            columns += f", argMin(said_{index}, (at, id)) AS segment_{index}"
    return (
        "SELECT person, argMin(said, (at, id)) AS variant, toUnixTimestamp64Milli(min(at)) AS since, "
        f"toUInt8(uniqExact(said) > 1) AS several{columns}\n"
        f"FROM (\n{rows.sql()}\n) WHERE said IN {array(groups.variants)} GROUP BY person"
    )


def _variant_sql(rows: EventsSource, source: AnySource) -> str:
    match source:
        case ByEvent():
            return f"toString(ifNull({rows.text(source.variant)}, ''))"
        case OfCampaign():
            sent = f"ifNull(nullIf(toString({rows.text(_VARIANT)}), ''), {literal(TREATED)})"
            return (
                f"if(e.event = {literal(HELD_OUT)}, {literal(HOLDOUT)}, "
                f"{sent if source.by_variant else literal(TREATED)})"
            )
        case _:
            return f"toString(ifNull({rows.text(_VARIANT)}, ''))"


def _selectors(groups: Groups, source: AnySource) -> list[EventSelector]:
    match source:
        case ByEvent():
            return [source.event]
        case OfCampaign():
            return [_named((HELD_OUT, SENT), "$campaign_id", source.campaign_id)]
        case _:
            return [_named((EXPOSED,), "$experiment_id", groups.subject_id)]


def _named(events: tuple[str, ...], name: str, value: str) -> EventSelector:
    only = TextFilter(property=PropertyRef(name=name), operator="is", values=(value,))
    return EventSelector(events=events, filter=FilterGroup(items=(only,)))


def _known_sql(ctx: ProjectContext, ref: PropertyRef) -> str:
    """SELECT of ``person, value`` of a property of people, a tag or an audience."""
    if ref.scope in ("tag", "audience"):
        return value_sql(ctx.table, ref.name)
    text = PropertyAccess("p", ctx.time_zone).text(ref)
    return (
        f"SELECT p.person_id AS person, toString(ifNull({text}, '')) AS value "
        f"FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"
    )
