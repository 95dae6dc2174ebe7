"""Whatever arrives, a protocol either reads it or refuses it with an error of ours."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.collect.incoming import IncomingEvent
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Request
from bihuan.collect.protocols.rejection import ItemInvalid
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.vocabulary import STANDARD

NAMES = ("segment", "rudderstack", "posthog", "sensors", "amplitude", "mixpanel")
FIELDS = (
    *("batch", "type", "event", "userId", "anonymousId", "properties", "traits", "context", "timestamp"),
    *("messageId", "previousId", "groupId", "sentAt", "name", "mergeProperties", "value", "page", "url"),
    *("distinct_id", "uuid", "$set", "$set_once", "$unset", "alias", "$group_key", "$group_type", "offset"),
    *("time", "lib", "identities", "_track_id", "original_id", "item_id", "item_type", "$identity_login_id"),
    *("events", "event_type", "user_id", "device_id", "user_properties", "groups", "options", "insert_id"),
    *("$distinct_id", "$add", "$append", "$distinct_ids", "$revenue", "total", "currency", "$time", "token"),
    *("min_id_length", "$user_id", "$device_id", "group_properties", "event_properties", "price", "$is_bot"),
)
WORDS = (
    *("track", "identify", "page", "group", "alias", "merge", "profile_set", "profile_append", "item_set"),
    *("track_signup", "track_id_bind", "$identify", "$create_alias", "$groupidentify", "$merge", "", " "),
    *("2026-01-02T03:04:05Z", "20260102", "1e400", "9" * 5000, "0001-01-01T00:00:00+14:00", "\ud800", "²"),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=24,
)


def _paths(name: str) -> list[tuple[str, str]]:
    return [(method, path.replace("{method}", "track")) for method, path in all_protocols()[name].paths]


def _requests(name: str, body: bytes) -> list[Request]:
    form = {"content-type": "application/x-www-form-urlencoded"}
    text = body.decode("latin-1")
    return [
        request
        for method, path in _paths(name)
        for request in (
            Request(method=method, path=path, body=body, query={"data": [text]} if method == "GET" else {}),
            Request(method=method, path=path, body=b"data=" + body, headers=form, received_ms=1),
        )
    ]


def _check(name: str, body: bytes) -> None:
    protocol = all_protocols()[name]
    for request in _requests(name, body):
        protocol.immediate(request)
        try:
            parsed = protocol.parse(request)
        except ItemInvalid:
            raise  # belongs to one item and must have become a Rejected
        except BihuanError as error:
            protocol.refused(request, error, "zh")
            continue
        for item in parsed.items:
            if isinstance(item, IncomingEvent):
                assert 0 < len(item.distinct_id) <= 600
                assert 0 < len(item.event) <= 255
                _assert_standard_types(item.properties)
        msgspec.json.encode(parsed)


def _assert_standard_types(properties: dict[str, Any]) -> None:
    types: dict[str, type] = {"number": float, "flag": bool, "text": str, "category": str}
    for name, value in properties.items():
        if name in STANDARD:
            assert type(value) is types[STANDARD[name]], (name, value)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=64) | st.sampled_from([b"[" * 5000, b'{"batch":' * 300, b"\xff{}", b"null"]))
def test_bytes_never_break_it(name: str, body: bytes) -> None:
    _check(name, body)
    _check(name, base64.b64encode(body))
    _check(name, gzip.compress(body))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_json_never_breaks_it(name: str, value: Any) -> None:
    for wrapped in (value, {"batch": [value, value], "events": [value]}, [value]):
        _check(name, json.dumps(wrapped).encode())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(changes=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4), word=st.sampled_from(WORDS))
def test_nearly_valid_items_never_break_it(name: str, changes: dict[str, Any], word: str) -> None:
    item = {
        "type": word,
        "event": word,
        "event_type": "$identify",
        "userId": "u",
        "distinct_id": "u",
        "user_id": "user-1",
        "item_type": "goods",
        "item_id": "1",
        "properties": {"distinct_id": "u", **changes},
        **changes,
    }
    for wrapped in (item, {"batch": [item], "events": [item]}, [item]):
        _check(name, json.dumps(wrapped).encode())
