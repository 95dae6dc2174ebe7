"""Real SDKs against the protocols: what they send is compared with the rows listed beside each sender."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.collect.incoming import IncomingEvent, ProfileChange
from bihuan.collect.protocols import all_protocols
from tests.collect.protocols.recording import recording_server
from tests.collect.sdk.senders_second import ANY_ID, SENDERS, Row

WRITE_KEY = "wk_5f0c1d"


@pytest.mark.parametrize("sdk", SENDERS)
def test_sdk_leaves_the_listed_rows(sdk: str) -> None:
    sender = SENDERS[sdk]
    with recording_server(all_protocols()[sender.protocol]) as (host, recording):
        sender.send(host, WRITE_KEY)
    assert [each.rejected for each in recording.parsed if each.rejected] == []
    assert {each.write_key for each in recording.parsed} == {WRITE_KEY}
    events = list(recording.events)
    for row in sender.rows:
        matching = [event for event in events if _matches(event, row)]
        assert len(matching) == 1, f"{row} in {events}"
        events.remove(matching[0])
    assert events == []
    assert recording.links == sender.links
    assert _folded(recording.changes) == _profiles(sdk)
    ids = [event.message_id for event in recording.events if event.message_id is not None]
    assert len(ids) == len(set(ids))


def _profiles(sdk: str) -> dict[str, dict[str, Any]]:
    # @umami/node identifies a session whose id only the server knows.
    return SENDERS[sdk].profiles


def _matches(event: IncomingEvent, row: Row) -> bool:
    return (
        event.event == row.event
        and row.distinct_id in (event.distinct_id, ANY_ID)
        and row.time_ms in (event.time_ms, None)
        and row.properties.items() <= _hashable(event.properties).items()
    )


def _hashable(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if not isinstance(value, dict | list)}


def _folded(changes: list[ProfileChange]) -> dict[str, dict[str, Any]]:
    """The profiles when every operation meets an empty property."""
    profiles: dict[str, dict[str, Any]] = {}
    for change in changes:
        if len(change.distinct_id) != 36:
            profiles.setdefault(change.distinct_id, {}).update(change.values)
    return profiles
