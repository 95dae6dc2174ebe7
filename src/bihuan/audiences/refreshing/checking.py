"""Whether a definition can be meant as it is: known names, known references, windows with room in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import DateUnit
from bihuan.analytics.conditions import (
    ActiveDays,
    Ago,
    AnyWindow,
    Did,
    Ever,
    LongestRun,
    Rolling,
    Since,
    instants,
)
from bihuan.analytics.query import Current, Dates, EventSelector, Last, PropertyRef
from bihuan.audiences.refreshing.errors import NameUnknown, ReferenceUnknown, WindowImpossible
from bihuan.kernel.vocabulary import STANDARD

_DAY_MS = 86_400_000
_SCOPES_ZH = {"tag": "标签", "audience": "人群"}
_UNIT_MS: dict[DateUnit, int] = {
    "day": _DAY_MS,
    "week": 7 * _DAY_MS,
    "month": 28 * _DAY_MS,
    "quarter": 90 * _DAY_MS,
    "year": 365 * _DAY_MS,
}


@dataclass(frozen=True)
class Names:
    """What there is in a project.

    Args:
        events, event_properties, person_properties: names that were recorded or planned.
        tags, audiences: ids.
    """

    events: Collection[str]
    event_properties: Collection[str]
    person_properties: Collection[str]
    tags: Collection[str]
    audiences: Collection[str]

    def check(self, ref: PropertyRef, path: str) -> None:
        """Raise unless a property, a tag or an audience is there."""
        match ref.scope:
            case "tag" | "audience":
                if ref.name not in (self.tags if ref.scope == "tag" else self.audiences):
                    zh = _SCOPES_ZH[ref.scope]
                    raise ReferenceUnknown(scope=ref.scope, scope_zh=zh, name=ref.name, path=path)
            case "event" | "person":
                held = self.event_properties if ref.scope == "event" else self.person_properties
                if ref.name not in held and ref.name not in STANDARD:
                    raise NameUnknown(name=ref.name, path=path)
            case "field":
                return


def check_definition_parts(
    ctx: ProjectContext, names: Names, given: BaseModel, path: str = "definition"
) -> None:
    """Raise at the first fault of a definition; ``path`` is where the definition is.

    Raises:
        NameUnknown, ReferenceUnknown, WindowImpossible.
    """
    for part, place in parts_of(given, path):
        match part:
            case EventSelector():
                for index, event in enumerate(part.events):
                    if event not in names.events:
                        raise NameUnknown(name=event, path=f"{place}.events[{index}]")
            case PropertyRef():
                names.check(part, place)
            case Did():
                _check_figure(ctx, part, place)
            case Ever() | Dates() | Since() | Last() | Current() | Rolling() | Ago():
                _check_window(ctx, part, place)


def parts_of(given: object, path: str) -> Iterator[tuple[BaseModel, str]]:
    """A value and all values in it, each with where it is."""
    if isinstance(given, BaseModel):
        yield given, path
        for name in type(given).model_fields:
            yield from parts_of(getattr(given, name), f"{path}.{name}")
    elif isinstance(given, tuple | list):
        for index, item in enumerate(given):
            yield from parts_of(item, f"{path}[{index}]")


def _check_window(ctx: ProjectContext, window: AnyWindow, path: str) -> None:
    start, end = instants(window, ctx)
    if start is not None and start >= end:
        raise WindowImpossible(
            reason_en="the window lies in the future", reason_zh="时间范围在未来", path=path
        )


def _check_figure(ctx: ProjectContext, did: Did, path: str) -> None:
    """More days than the window has cannot be active."""
    start, end = instants(did.window, ctx)
    if start is None or not isinstance(did.figure, ActiveDays | LongestRun):
        return
    most = (end - 1 - start) // _UNIT_MS[did.figure.unit] + 2
    least = did.compare.value + (1 if did.compare.operator == "gt" else 0)
    if did.compare.operator in ("eq", "gt", "gte", "between") and least > most:
        raise WindowImpossible(
            reason_en=f"the window has at most {most} of these units, {least:g} are asked for",
            reason_zh=f"时间范围内最多有 {most} 个单位，却要求 {least:g} 个",
            path=f"{path}.compare.value",
        )
