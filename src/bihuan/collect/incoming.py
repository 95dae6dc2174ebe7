"""What every protocol turns its payload into: five small values that the pipeline understands."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

ProfileOperation = Literal["set", "set_once", "increment", "append", "union", "unset", "delete"]


class IncomingEvent(msgspec.Struct, kw_only=True):
    """Something a person did.

    ``time_ms`` is the sender's clock (Unix milliseconds, UTC); None means "when it was received".
    ``properties`` uses the standard vocabulary (``kernel/vocabulary.py``) for what it names and the
    sender's own names for the rest. ``position`` is the path of the event in the request (``batch[3]``).
    """

    event: str
    distinct_id: str
    time_ms: int | None = None
    message_id: str | None = None
    properties: dict[str, Any] = {}
    session_id: str = ""
    user_agent: str | None = None
    ip: str | None = None
    position: str = ""


class ProfileChange(msgspec.Struct, kw_only=True):
    """One operation on a person's profile; ``values`` maps property names to operands.

    ``unset`` takes the names with any value; ``delete`` removes the whole profile and takes none.
    """

    operation: ProfileOperation
    distinct_id: str
    values: dict[str, Any] = {}
    time_ms: int | None = None
    message_id: str | None = None
    position: str = ""


class IdentityLink(msgspec.Struct, kw_only=True):
    """``anonymous_id`` turned out to be ``known_id`` (identify, sign-up, login)."""

    anonymous_id: str
    known_id: str
    time_ms: int | None = None
    message_id: str | None = None
    position: str = ""


class IdentityAlias(msgspec.Struct, kw_only=True):
    """A sender asks that ``previous_id`` and ``distinct_id`` be one person; refused if both are known."""

    previous_id: str
    distinct_id: str
    time_ms: int | None = None
    message_id: str | None = None
    position: str = ""


class Rejected(msgspec.Struct, kw_only=True):
    """One item of a request that could not be read: kept aside with the reason and the raw payload."""

    reason: str
    path: str
    raw: Any
    detail_en: str = ""
    detail_zh: str = ""


Item = IncomingEvent | ProfileChange | IdentityLink | IdentityAlias


class Parsed(msgspec.Struct, kw_only=True):
    """A request after its protocol has read it.

    ``write_key`` identifies project and source. ``sent_at_ms`` is the sender's clock when it sent the
    request and corrects skewed event times; None where the protocol has no such field.
    """

    write_key: str | None = None
    sent_at_ms: int | None = None
    items: list[Item] = []
    rejected: list[Rejected] = []
