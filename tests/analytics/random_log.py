"""Hypothesis strategies for random event logs and for the query parts that ask about them.

Times crowd around a few instants (so that ties happen) near clock changes of the project's zone; property
values are of mixed types; some people are merged from several ids, whose rows still say otherwise.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import (
    AnyFilter,
    Dates,
    EventSelector,
    FilterGroup,
    FlagFilter,
    ListFilter,
    NumberFilter,
    PresenceFilter,
    PropertyRef,
    RecencyFilter,
    TextFilter,
    TimeFilter,
)
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.kernel.hashing import key64
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import context

EVENTS = ("view", "add", "buy")
# A day near a clock change (or just a day), in UTC, and the zone it is for.
EDGES = {
    "Asia/Shanghai": (datetime(2024, 12, 31, 14, tzinfo=UTC),),
    "America/New_York": (datetime(2024, 3, 10, 5, tzinfo=UTC), datetime(2024, 11, 3, 4, tzinfo=UTC)),
    "Europe/London": (datetime(2024, 3, 31, 0, tzinfo=UTC), datetime(2024, 10, 27, 0, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2024, 4, 6, 13, tzinfo=UTC), datetime(2024, 10, 5, 14, tzinfo=UTC)),
    "Asia/Kathmandu": (datetime(2024, 12, 31, 17, tzinfo=UTC),),
}
MINUTE_MS, DAY_MS = 60_000, 86_400_000

TEXTS = st.sampled_from(
    ["", "a", "A", "ab", "b", "1", "1.5", "1e3", "-2", "true", "北京", "it's", "2024-11-03", "x\\y"]
)
NUMBERS = st.sampled_from([0.0, 1.0, 1.5, -2.0, 1000.0, 1e21, 1e-7, 0.1, 1730600000.0])
VALUES = st.one_of(
    TEXTS,
    NUMBERS,
    st.booleans(),
    st.lists(TEXTS, max_size=3),
    st.lists(NUMBERS, max_size=3),
    st.none(),
    st.sampled_from(
        ["2024-11-03T01:30:00Z", "2024-11-03 12:00:00.250", "2024-02-30", "2024-10-06T00:00+08:00"]
    ),
)
STANDARD_VALUES = {
    "$os": TEXTS,
    "$url": TEXTS,
    "$revenue": NUMBERS,
    "$is_bot": st.booleans(),
    "$quantity": NUMBERS,
}
FREE_NAMES = ("x", "y", "n.m")


@dataclass(frozen=True)
class Scene:
    """A log and the project settings to look at it with."""

    log: EventLog
    time_zone: str
    first_weekday: int
    now_ms: int

    def context(self, store: ProjectStore) -> ProjectContext:
        """The context of the project the log was loaded into."""
        return context(
            store, self.log, time_zone=self.time_zone, first_weekday=self.first_weekday, now_ms=self.now_ms
        )


@st.composite
def properties(draw: st.DrawFn) -> dict[str, Any]:
    """Properties of an event or a profile; absent values are left out."""
    found = {name: draw(VALUES) for name in FREE_NAMES if draw(st.booleans())}
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(STANDARD_VALUES)))
        found[name] = draw(STANDARD_VALUES[name])
    return {name: value for name, value in found.items() if value is not None}


@st.composite
def scenes(
    draw: st.DrawFn,
    *,
    max_events: int = 25,
    max_people: int = 4,
    spread_days: int = 3,
    with_properties: bool = True,
) -> Scene:
    """A scene with up to ``max_events`` events of up to ``max_people`` people, each with one to two ids."""
    zone = draw(st.sampled_from(sorted(EDGES)))
    edge_ms = int(draw(st.sampled_from(EDGES[zone])).timestamp() * 1000)
    ids = [f"id{index}" for index in range(draw(st.integers(1, max_people)) * 2)]
    # Ids 2k and 2k+1 are one person if the pair is merged; the rows of the second may be rewritten or not.
    merged = {index: draw(st.booleans()) for index in range(len(ids) // 2)}
    rewritten = {index: draw(st.booleans()) for index in merged}
    instants = draw(st.lists(st.integers(-spread_days * 1440, spread_days * 1440), min_size=1, max_size=6))
    events = []
    for _ in range(draw(st.integers(0, max_events))):
        which = draw(st.integers(0, len(ids) - 1))
        own, pair = key64(ids[which]), which // 2
        person = key64(ids[pair * 2]) if merged[pair] else own
        minutes = draw(st.sampled_from(instants)) + draw(st.sampled_from([0, 0, 1, 29, 31, 60, 90]))
        events.append(
            LogEvent(
                event=draw(st.sampled_from(EVENTS)),
                time_ms=edge_ms + minutes * MINUTE_MS + draw(st.sampled_from([0, 0, 1])),
                person=person,
                stored_person=person if rewritten[pair] else own,
                distinct_id=ids[which],
                session_id=draw(st.sampled_from(["", "s1", "s2"])),
                source=draw(st.sampled_from(["", "web", "app"])),
                properties=draw(properties()) if with_properties else {},
                event_id=uuid.UUID(int=draw(st.integers(1, 2**128 - 1))),
            )
        )
    unique = tuple({event.event_id: event for event in events}.values())
    owners = sorted({event.person for event in unique})
    profiles = {person: draw(properties()) for person in owners if with_properties and draw(st.booleans())}
    now_ms = edge_ms + draw(st.integers(0, spread_days)) * DAY_MS
    return Scene(EventLog(unique, profiles), zone, draw(st.integers(1, 7)), now_ms)


@st.composite
def periods(draw: st.DrawFn, scene: Scene, *, days: int = 4) -> Dates:
    """Days around the scene's now; some events fall outside."""
    today = datetime.fromtimestamp(scene.now_ms / 1000, UTC).date()
    first: date = today - timedelta(days=draw(st.integers(0, days)))
    return Dates(from_date=first, to_date=first + timedelta(days=draw(st.integers(0, days))))


@cache
def refs(*, person: bool = True) -> st.SearchStrategy[PropertyRef]:
    """References to properties that the random logs have, and one they have not."""
    names = st.sampled_from([*FREE_NAMES, *STANDARD_VALUES, "absent"])
    fields = st.sampled_from(
        ["event", "distinct_id", "session_id", "source", "hour_of_day", "day_of_week", "time"]
    )
    scopes = st.sampled_from(["event", "person"] if person else ["event"])
    return st.one_of(
        st.builds(PropertyRef, scope=scopes, name=names),
        st.builds(PropertyRef, scope=st.just("field"), name=fields),
    )


def leaves(scene: Scene) -> st.SearchStrategy[AnyFilter]:
    """Every kind of condition with every operator."""
    return st.one_of(*_of_text(), *_of_numbers(), *_of_times(scene), *_of_the_rest())


_WORDS = (
    "is",
    "is_not",
    "contains",
    "not_contains",
    "starts_with",
    "not_starts_with",
    "ends_with",
    "not_ends_with",
)
_RANGES = st.sampled_from(["between", "not_between"])
_VALUES = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)

Conditions = tuple[st.SearchStrategy[AnyFilter], ...]


@cache
def _of_text() -> Conditions:
    return (
        st.builds(
            TextFilter,
            property=refs(),
            operator=st.sampled_from(_WORDS),
            values=_VALUES,
            ignore_case=st.booleans(),
        ),
        st.builds(
            TextFilter,
            property=refs(),
            operator=st.sampled_from(["matches", "not_matches"]),
            values=st.sampled_from(["a", "^a", "[0-9]$", "^$", "A|北", "."]).map(lambda text: (text,)),
            ignore_case=st.booleans(),
        ),
    )


@cache
def _of_numbers() -> Conditions:
    comparisons = st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"])
    return (
        st.builds(NumberFilter, property=refs(), value=NUMBERS, operator=comparisons),
        st.builds(NumberFilter, property=refs(), operator=_RANGES, value=NUMBERS, upper=NUMBERS),
    )


def _of_times(scene: Scene) -> Conditions:
    days = st.integers(-4, 4).map(
        lambda n: (datetime.fromtimestamp(scene.now_ms / 1000, UTC) + timedelta(n)).date()
    )
    moments = st.sampled_from([event.time_ms for event in scene.log.events] or [scene.now_ms]).map(
        lambda ms: datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
    )
    points = st.one_of(days, moments)
    return (
        st.builds(TimeFilter, property=refs(), operator=st.sampled_from(["before", "after"]), at=points),
        st.builds(TimeFilter, property=refs(), operator=_RANGES, at=points, until=points),
        st.builds(
            RecencyFilter,
            property=refs(),
            operator=st.sampled_from(["in_last", "not_in_last"]),
            count=st.integers(1, 50),
            unit=st.sampled_from(["minute", "hour", "day", "week"]),
        ),
    )


@cache
def _of_the_rest() -> Conditions:
    lists = st.sampled_from(["has_any", "has_all", "has_none"])
    return (
        st.builds(ListFilter, property=refs(), operator=lists, values=_VALUES),
        st.builds(FlagFilter, property=refs(), operator=st.sampled_from(["is_true", "is_false"])),
        st.builds(PresenceFilter, property=refs(), operator=st.sampled_from(["exists", "not_exists"])),
    )


@st.composite
def filters(draw: st.DrawFn, scene: Scene, *, depth: int = 2) -> AnyFilter:
    """Conditions and groups of them, up to ``depth`` deep.

    Drawn step by step: `st.recursive` spells itself out whenever it is made, here for every single draw.
    """
    if depth == 0 or draw(st.integers(0, 2)):
        return draw(leaves(scene))
    items = draw(st.lists(filters(scene, depth=depth - 1), max_size=3))
    return FilterGroup(op=draw(st.sampled_from(["and", "or"])), items=tuple(items))


def selectors(scene: Scene, *, with_filters: bool = True) -> st.SearchStrategy[EventSelector]:
    """One event, several, or all of them; sometimes with a condition."""
    names = st.lists(st.sampled_from(EVENTS), max_size=2, unique=True).map(tuple)
    narrowed = st.one_of(st.none(), st.none(), filters(scene)) if with_filters else st.none()
    return st.builds(EventSelector, events=names, filter=narrowed)
