"""Segment messages (identify, track, page, screen, group, alias) turned into items.

Ids: ``distinct_id`` is ``userId``, else ``anonymousId``. A message with both says that they are one person,
which becomes an ``IdentityLink``, once for each pair in a request. ``messageId`` makes retries idempotent;
a message without one has no id of its own. Where a message names nobody and says ``cookieless``, the visitor
is told apart by address and browser, for a day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, ProfileChange
from bihuan.collect.protocols.mapping import (
    COMMERCE_NAMES,
    add_revenue,
    as_text,
    names_table,
    standard_typed,
    translate,
)
from bihuan.collect.protocols.rejection import (
    MAX_ID_CHARACTERS,
    MAX_NAME_CHARACTERS,
    ItemInvalid,
    distinct_id_missing,
    read_id,
    read_name,
)
from bihuan.collect.protocols.segment_context import Context, read_context
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.kernel.vocabulary import GROUP_IDENTIFY, PAGE_VIEW, SCREEN_VIEW

# In a track call ``url`` and ``title`` are often those of something clicked; the page is in the context.
_TRACK_NAMES = names_table(COMMERCE_NAMES, {"category": "$category", "query": "$search_query"})
_PAGE_NAMES = names_table(
    COMMERCE_NAMES, {"url": "$url", "path": "$path", "title": "$title", "referrer": "$referrer"}
)
# Segment's group call knows no types; its specification speaks of companies.
_DEFAULT_GROUP_TYPE = "company"

Scalar = str | int | float | None


class Message(msgspec.Struct, rename="camel", gc=False):
    """One message, with the fields that are read; the context stays text until it is known to be new."""

    type: str | None = None
    event: str | None = None
    user_id: Scalar = None
    anonymous_id: Scalar = None
    message_id: Scalar = None
    timestamp: Scalar = None
    properties: dict[str, Any] | None = None
    context: msgspec.Raw = msgspec.Raw(b"")
    traits: dict[str, Any] | None = None
    name: str | None = None
    category: str | None = None
    group_id: Scalar = None
    previous_id: Scalar = None
    original_timestamp: Scalar = None
    sent_at: Scalar = None
    merge_properties: list[Any] | None = None
    cookieless: Any = None


class MessageReader:
    """Reads the messages of one request into ``items``; remembers which pairs of ids it has linked.

    Args:
        visitor: who the sender is where a message that says ``cookieless`` names nobody; None: not known.
    """

    def __init__(
        self, shared_context: Context | None = None, visitor: Callable[[], str] | None = None
    ) -> None:
        self.items: list[Item] = []
        self._linked: set[tuple[str, str]] = set()
        self._contexts: dict[bytes, Context] = {}
        self._shared = shared_context
        self._visitor = visitor

    def read(self, message: Message, position: str) -> None:
        """Append the items of one message.

        Raises:
            ItemInvalid: the message breaks a rule; nothing of it was appended.
        """
        handler = _HANDLERS.get(message.type or "")
        if handler is None:
            raise ItemInvalid(
                reason="type_unknown",
                path="type",
                detail_en=f"{message.type!r} is no type of message.",
                detail_zh=f"未知的消息类型 {message.type!r}。",
            )
        handler(self, message, position)

    def track(self, message: Message, position: str) -> None:
        """Append a track message. The hot path: checks that nearly always pass are made without a call.

        Raises:
            ItemInvalid: as :meth:`read`.
        """
        event = message.event
        if not event or len(event) > MAX_NAME_CHARACTERS or event.isspace():
            event = read_name(event)
        context = self._contexts.get(bytes(message.context)) or self._context(message)
        if message.properties:
            properties = translate(message.properties, _TRACK_NAMES, context.properties)
            if "$currency" in properties or "$order_id" in properties:
                add_revenue(properties)
        else:
            properties = {**context.properties}
        timestamp = message.timestamp
        time_ms = read_time_ms(timestamp) if timestamp else _time_ms(message)
        message_id = message.message_id
        if type(message_id) is not str or not message_id:
            message_id = _message_id(message)
        user_id = message.user_id
        if (
            message.anonymous_id is not None
            or type(user_id) is not str
            or not 0 < len(user_id) <= MAX_ID_CHARACTERS
            or user_id.isspace()
        ):
            user_id = self._who(message, time_ms, message_id, position)
        self.items.append(
            IncomingEvent(
                event=event,
                distinct_id=user_id,
                time_ms=time_ms,
                message_id=message_id,
                properties=properties,
                session_id=context.session_id,
                user_agent=context.user_agent,
                ip=context.ip,
                position=position,
            )
        )

    def _page(self, message: Message, position: str) -> None:
        self._view(PAGE_VIEW, "$title", message, position)

    def _screen(self, message: Message, position: str) -> None:
        self._view(SCREEN_VIEW, "$screen_name", message, position)

    def _view(self, event: str, name_property: str, message: Message, position: str) -> None:
        context = self._context(message)
        properties = translate(message.properties or {}, _PAGE_NAMES, context.properties)
        if message.name:
            properties.setdefault("name", message.name)
            if name_property == "$screen_name" or name_property not in properties:
                properties[name_property] = message.name
        if message.category:
            properties.setdefault("category", message.category)
        self._append_event(event, properties, message, context, position)

    def _append_event(
        self, event: str, properties: dict[str, Any], message: Message, context: Context, position: str
    ) -> IncomingEvent:
        time_ms = _time_ms(message)
        message_id = _message_id(message)
        distinct_id = self._who(message, time_ms, message_id, position)
        incoming = IncomingEvent(
            event=event,
            distinct_id=distinct_id,
            time_ms=time_ms,
            message_id=message_id,
            properties=properties,
            session_id=context.session_id,
            user_agent=context.user_agent,
            ip=context.ip,
            position=position,
        )
        self.items.append(incoming)
        return incoming

    def _identify(self, message: Message, position: str) -> None:
        time_ms, message_id = _time_ms(message), _message_id(message)
        traits = {**self._context(message).traits, **(message.traits or {})}
        distinct_id = self._who(message, time_ms, message_id, position)
        if traits:
            self._append_set(distinct_id, traits, time_ms, message_id, position)

    def _group(self, message: Message, position: str) -> None:
        context = self._context(message)
        group_id = read_id(message.group_id, "groupId")
        if group_id is None:
            raise ItemInvalid(
                reason="group_id_missing",
                path="groupId",
                detail_en="The group has no id.",
                detail_zh="群组缺少标识。",
            )
        traits = dict(message.traits or {})
        own_type = traits.pop("groupType", None) or traits.pop("group_type", None)
        group_type = as_text(own_type) or _DEFAULT_GROUP_TYPE
        properties = standard_typed(traits, context.properties)
        properties.update({"$group_type": group_type, "$group_id": group_id})
        event = self._append_event(GROUP_IDENTIFY, properties, message, context, position)
        membership = {f"$groups.{group_type}": group_id}
        self._append_set(event.distinct_id, membership, event.time_ms, event.message_id, position)

    def _alias(self, message: Message, position: str) -> None:
        previous_id = read_id(message.previous_id, "previousId")
        distinct_id = read_id(message.user_id, "userId")
        if distinct_id is None:
            raise distinct_id_missing("userId")
        if previous_id is None:
            raise distinct_id_missing("previousId")
        self._append_alias(previous_id, distinct_id, message, position)

    def _merge(self, message: Message, position: str) -> None:
        """RudderStack's merge: two ``{type, value}`` pairs that mean one person."""
        match message.merge_properties:
            case [{"value": kept}, {"value": merged}]:
                kept_id = read_id(kept, "mergeProperties[0].value")
                merged_id = read_id(merged, "mergeProperties[1].value")
            case _:
                kept_id = merged_id = None
        if kept_id is None or merged_id is None:
            raise distinct_id_missing("mergeProperties")
        self._append_alias(merged_id, kept_id, message, position)

    def _append_set(
        self,
        distinct_id: str,
        values: dict[str, Any],
        time_ms: int | None,
        message_id: str | None,
        position: str,
    ) -> None:
        self.items.append(
            ProfileChange(
                operation="set",
                distinct_id=distinct_id,
                values=values,
                time_ms=time_ms,
                message_id=message_id,
                position=position,
            )
        )

    def _append_alias(self, previous_id: str, distinct_id: str, message: Message, position: str) -> None:
        self.items.append(
            IdentityAlias(
                previous_id=previous_id,
                distinct_id=distinct_id,
                time_ms=_time_ms(message),
                message_id=_message_id(message),
                position=position,
            )
        )

    def _context(self, message: Message) -> Context:
        raw = bytes(message.context)
        context = self._contexts.get(raw)
        if context is None:
            context = self._contexts[raw] = self._with_shared(read_context(raw))
        return context

    def _with_shared(self, context: Context) -> Context:
        shared = self._shared
        if shared is None:
            return context
        return Context(
            properties={**shared.properties, **context.properties},
            traits={**shared.traits, **context.traits},
            ip=context.ip or shared.ip,
            user_agent=context.user_agent or shared.user_agent,
            session_id=context.session_id or shared.session_id,
        )

    def _who(self, message: Message, time_ms: int | None, message_id: str | None, position: str) -> str:
        """The distinct id; appends the link of the two ids when the message has both."""
        user_id, anonymous_id = message.user_id, message.anonymous_id
        user_id = read_id(user_id, "userId")
        anonymous_id = read_id(anonymous_id, "anonymousId")
        if user_id is None or anonymous_id is None:
            known = user_id or anonymous_id
            if known is None:
                if message.cookieless is True and self._visitor is not None:
                    return self._visitor()
                raise distinct_id_missing("userId")
            return known
        if anonymous_id != user_id and (anonymous_id, user_id) not in self._linked:
            self._linked.add((anonymous_id, user_id))
            self.items.append(
                IdentityLink(
                    anonymous_id=anonymous_id,
                    known_id=user_id,
                    time_ms=time_ms,
                    message_id=message_id,
                    position=position,
                )
            )
        return user_id


def _time_ms(message: Message) -> int | None:
    if message.timestamp is not None:
        return read_time_ms(message.timestamp)
    return read_time_ms(message.original_timestamp, "originalTimestamp")


def _message_id(message: Message) -> str | None:
    message_id = message.message_id
    if type(message_id) is str:
        return message_id or None
    return as_text(message_id)


_HANDLERS: dict[str, Callable[[MessageReader, Message, str], None]] = {
    "track": MessageReader.track,
    "identify": MessageReader._identify,
    "page": MessageReader._page,
    "screen": MessageReader._screen,
    "group": MessageReader._group,
    "alias": MessageReader._alias,
    "merge": MessageReader._merge,
}
