"""Requests as protocols see them, for the tests of the second half of the protocols."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from bihuan.collect.incoming import IncomingEvent, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Request
from bihuan.kernel.errors import BihuanError

RECEIVED_MS = 1_790_000_000_000
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"


def request(
    path: str,
    body: Any = b"",
    *,
    method: str = "POST",
    query: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    **headers: str,
) -> Request:
    """A request; ``body`` other than bytes is sent as JSON, ``form`` as a form."""
    if form is not None:
        body = urlencode(form).encode()
        headers.setdefault("content_type", "application/x-www-form-urlencoded")
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        method=method,
        path=path,
        query={name: [value] for name, value in (query or {}).items()},
        headers={"user-agent": BROWSER, **named},
        body=body,
        client_ip="198.51.100.1",
        received_ms=RECEIVED_MS,
    )


def only_event(parsed: Parsed) -> IncomingEvent:
    """The one event of a request in which nothing was rejected."""
    assert parsed.rejected == []
    events = [item for item in parsed.items if isinstance(item, IncomingEvent)]
    assert len(events) == 1
    return events[0]


def reasons(parsed: Parsed) -> list[tuple[str, str]]:
    """``(path, reason)`` of what was rejected."""
    return [(each.path, each.reason) for each in parsed.rejected]


def answer_or_refuse(protocol: CollectProtocol, sent: Request) -> None:
    """Do all a server does with a request; only ``BihuanError`` may come out, and what is parsed is whole."""
    try:
        if protocol.immediate(sent) is not None:
            return
        parsed = protocol.parse(sent)
    except BihuanError as error:
        protocol.refused(sent, error, "zh")
        return
    for item in parsed.items:
        assert not hasattr(item, "distinct_id") or item.distinct_id
        assert not isinstance(item, IncomingEvent) or item.event
    quarantined = [(each.path, each.reason) for each in parsed.rejected]
    protocol.accepted(sent, Outcome(accepted=len(parsed.items), quarantined=quarantined))


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1", "0", "{}", "[]", "x=1", "-1", "9" * 30, "\ud800", "1e999", "[[1]]"])
)


def json_values(*names: str) -> st.SearchStrategy[Any]:
    """JSON values whose objects often have members called ``names``."""
    keys = st.sampled_from(names) | st.text(max_size=5)
    return st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
        max_leaves=12,
    )
