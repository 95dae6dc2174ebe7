"""The values that templates see: a person, an event, a campaign, links, look-up tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

ROOTS = frozenset(
    [
        "person",
        "event",
        "campaign",
        "journey",
        "message",
        "links",
        "project",
        "catalog",
        "experiment",
        "data",
        "now",
        "forloop",
    ]
)
LINKS = ("unsubscribe", "preferences", "confirm", "view")


def scope(
    *,
    person: Mapping[str, Any],
    person_id: int | str = "",
    distinct_ids: list[str] | None = None,
    event: Mapping[str, Any] | None = None,
    campaign: Mapping[str, Any] | None = None,
    journey: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    project: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    time_zone: str = "UTC",
) -> dict[str, Any]:
    """The scope of one message.

    Args:
        person: properties, as ``People.summaries`` gives them: dotted names become levels.
        event: its ``name``, ``time`` and properties, on one level.
        data: whatever else the sender gives along, such as a node of a journey.
        catalog: table name to a mapping from key to row (``lookups.Lookups``).
    """
    ids = distinct_ids or []
    about = {"id": str(person_id), "distinct_id": ids[0] if ids else "", "distinct_ids": ids}
    moment = (now or datetime.now(UTC)).astimezone(ZoneInfo(time_zone))
    return {
        "person": {**about, **levelled(person)},
        "event": levelled(event or {}),
        "campaign": dict(campaign or {}),
        "journey": dict(journey or {}),
        "links": dict(links or {}),
        "project": dict(project or {}),
        "catalog": catalog if catalog is not None else {},
        "data": dict(data or {}),
        "now": moment,
    }


def levelled(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties with dotted names as levels (``address.city`` in ``address``), whole numbers as such."""
    found: dict[str, Any] = {}
    for name in sorted(properties):
        *above, last = name.split(".")
        level = found
        for each in above:
            inner = level.setdefault(each, {})
            if not isinstance(inner, dict):
                break
            level = inner
        else:
            level.setdefault(last, _plain(properties[name]))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def paths_of(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The dotted names in a tree of values."""
    for name, value in tree.items():
        yield f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from paths_of(value, f"{prefix}{name}.")
