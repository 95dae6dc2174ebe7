"""Real SDKs against the protocols: what they send is compared with what is listed beside each sender."""

from __future__ import annotations

import pytest

from bihuan.collect.incoming import IdentityAlias, IncomingEvent
from bihuan.collect.protocols import all_protocols
from tests.collect.protocols.recording import Recording, recording_server
from tests.collect.sdk.senders_first import SENDERS, Row

WRITE_KEY = "wk_5f0c1d"


@pytest.mark.parametrize("sdk", SENDERS)
def test_sdk_leaves_what_is_listed(sdk: str) -> None:
    sender = SENDERS[sdk]
    with recording_server(all_protocols()[sender.protocol]) as (host, recording):
        sender.send(host, WRITE_KEY)
    assert [each.rejected for each in recording.parsed if each.rejected] == []
    assert {each.write_key for each in recording.parsed} == {WRITE_KEY}
    _assert_rows(recording, sender.rows)
    assert recording.links == sender.links
    changes = [(change.operation, change.distinct_id, change.values) for change in recording.changes]
    key = str
    assert sorted(changes, key=key) == sorted(sender.operations, key=key)
    assert _aliases(recording) == sender.aliases
    ids = [event.message_id for event in recording.events if event.message_id is not None]
    assert len(ids) == len(set(ids))


def _assert_rows(recording: Recording, rows: tuple[Row, ...]) -> None:
    events = list(recording.events)
    for row in rows:
        matching = [event for event in events if _matches(event, row)]
        assert len(matching) == 1, f"{row} in {events}"
        events.remove(matching[0])
    assert events == []


def _matches(event: IncomingEvent, row: Row) -> bool:
    return (
        event.event == row.event
        and event.distinct_id == row.distinct_id
        and row.time_ms in (event.time_ms, None)
        and all(event.properties.get(name) == value for name, value in row.properties.items())
    )


def _aliases(recording: Recording) -> set[tuple[str, str]]:
    return {
        (item.previous_id, item.distinct_id)
        for each in recording.parsed
        for item in each.items
        if isinstance(item, IdentityAlias)
    }
