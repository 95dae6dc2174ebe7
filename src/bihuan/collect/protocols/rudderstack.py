"""RudderStack: the Segment shapes with larger limits, and `merge` and `import`.

Its Python SDK takes nothing but status 200 for success, and sends traits inside the context.
"""

from __future__ import annotations

from typing import ClassVar

from bihuan.collect.protocols.segment import SegmentProtocol

_METHODS: dict[str, str] = {
    name: name for name in ("identify", "track", "page", "screen", "group", "alias", "merge")
}


class RudderStackProtocol(SegmentProtocol):
    """RudderStack SDKs. 4,000 KB a request, of which one message may fill all; 2,500 messages a batch."""

    name: ClassVar[str] = "rudderstack"
    title: ClassVar[str] = "RudderStack"
    paths: ClassVar[tuple[tuple[str, str], ...]] = (
        *(("POST", f"/v1/{method}") for method in (*_METHODS, "batch", "import")),
        ("GET", "/pixel/v1/{method}"),
    )
    max_body_bytes: ClassVar[int] = 4000 * 1024
    max_message_bytes: ClassVar[int] = 4000 * 1024
    batch_paths: ClassVar[frozenset[str]] = frozenset(("/v1/batch", "/v1/import"))
    methods: ClassVar[dict[str, str]] = _METHODS


PROTOCOL = RudderStackProtocol()
