"""The SDKs people already have, changed in nothing but their host: what they send is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bihuan.kernel.hashing import key64
from tests.collect.sdk import senders_first, senders_second
from tests.collect.sdk.senders_second import ANY_ID
from tests.server.running import Running

ALL = {**senders_first.SENDERS, **senders_second.SENDERS}


def fits(expected: Any, stored: dict[str, Any]) -> bool:
    same_id = expected.distinct_id in (ANY_ID, stored["distinct_id"])
    if expected.event != stored["event"] or not same_id:
        return False
    if expected.time_ms is not None and abs(expected.time_ms - stored["time_ms"]) > 1:
        return False
    return all(
        property_of(stored["properties"], name) == value for name, value in expected.properties.items()
    )


def property_of(properties: dict[str, Any], name: str) -> Any:
    """A property by its dotted name; the engine gives nested objects back."""
    value: Any = properties
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def match(rows: tuple[Any, ...], events: list[dict[str, Any]]) -> tuple[list[Any], list[dict[str, Any]]]:
    """Expected rows without a stored event, and stored events that nobody expected."""
    left = list(events)
    missing = []
    for row in rows:
        found = next((event for event in left if fits(row, event)), None)
        if found is None:
            missing.append(row)
        else:
            left.remove(found)
    return missing, left


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_an_sdk_sends_is_stored(name: str, fresh_server: Running) -> None:
    sender = ALL[name]
    sender.send(fresh_server.url, fresh_server.write_key)
    events = fresh_server.events()
    missing, surplus = match(sender.rows, events)
    assert (missing, surplus) == ([], []), json.dumps(events, ensure_ascii=False, indent=1)
    assert fresh_server.quarantined() == []
    assert {event["source"] for event in events} == {"web"}
    identities = fresh_server.project.people.identities
    for anonymous, known in sender.links:
        assert identities.person_of(key64(anonymous)) == identities.person_of(key64(known))
    for distinct_id, expected in sender.profiles.items():
        person = fresh_server.api.get(fresh_server.path("/person"), params={"person": distinct_id}).json()
        assert {name: person["properties"].get(name) for name in expected} == expected
