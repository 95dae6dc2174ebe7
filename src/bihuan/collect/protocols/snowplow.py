"""Snowplow: ``/com.snowplowanalytics.snowplow/tp2``, ``/i`` and ``/r/tp2`` (https://docs.snowplow.io/docs/fundamentals/canonical-event).

Write key: the app id (``aid``), which every tracker takes as ``app_id``/``appId``; or the path,
``/in/snowplow/<write key>`` as collector endpoint, and then the app id stays free and becomes
``$app_name``.

Ids: ``uid`` is the known person; ``duid`` (browser), the user of the client session context (apps) or
``nuid``/``tnuid`` the anonymous one, in this order; with both the two are linked. With none of them it is a
monthly hash of address and user agent, in place of the collector's cookie, which is not set here.
Message ids: ``eid``.

``/r/tp2?u=…`` counts a click and redirects. Anyone can write such a link, so it only leads to http(s)
hosts that the operator lists in ``redirect_hosts`` (a leading dot: the subdomains); others are refused with
400, and by default the list is empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import decode_json, payload_invalid
from bihuan.collect.protocols.rejection import ItemInvalid, object_or_empty, read_id
from bihuan.collect.protocols.replies import pixel_reply
from bihuan.collect.protocols.snowplow_contexts import Contexts, read_contexts
from bihuan.collect.protocols.snowplow_events import read_event
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.collect.protocols.visitor import request_ip, request_user_agent, visitor_id
from bihuan.collect.protocols.write_keys import OneWriteKey, key_in_path, with_key_in_path

_POST, _PIXEL, _REDIRECT = "/com.snowplowanalytics.snowplow/tp2", "/i", "/r/tp2"
_PATHS = (("POST", _POST), ("GET", _PIXEL), ("GET", _REDIRECT))


class SnowplowProtocol(CollectProtocol):
    """Snowplow's tracker protocol, as its collector speaks it.

    ``redirect_hosts``: hosts that ``/r/tp2`` may lead to, in lower case; set by ``use_redirect_hosts``.
    """

    name = "snowplow"
    title = "Snowplow"
    replay_path = _POST
    replay_member = "data"
    paths = with_key_in_path(_PATHS)

    def __init__(self) -> None:
        self.redirect_hosts: frozenset[str] = frozenset()

    def parse(self, request: Request) -> Parsed:
        """The events of a payload, or the one of a pixel or redirect.

        Raises:
            PayloadInvalid: the body is no payload, or the redirect leads to a host that is not listed.
        """
        path_key = key_in_path(request.path, _PATHS)
        key = OneWriteKey(path_key)
        post = request.path.endswith(_POST)
        entries: list[Any] = _payload(request) if post else [self._query(request)]
        parsed = Parsed()
        linked: set[tuple[str, str]] = set()
        for index, raw in enumerate(entries):
            position = f"data[{index}]" if post else ""
            try:
                fields = object_or_empty(raw, "")
                key.check(read_id(fields.get("aid"), "aid"), "aid")
                parsed.items.extend(_read(fields, request, linked, position, app_name=path_key is not None))
                # stm is in whole seconds in some trackers: nothing was sent before it was noted.
                times = (
                    parsed.sent_at_ms,
                    _time_or_none(fields.get("stm")),
                    _time_or_none(fields.get("dtm")),
                )
                if fields.get("stm"):
                    parsed.sent_at_ms = max(
                        (time_ms for time_ms in times if time_ms is not None), default=None
                    )
            except ItemInvalid as error:
                parsed.rejected.append(error.as_rejected(position, raw))
        parsed.write_key = key.value
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """``ok`` for a payload, a GIF for a pixel, 302 for a redirect."""
        if request.path.endswith(_POST):
            return Reply(body=b"ok", media_type="text/plain")
        if request.path.endswith(_REDIRECT):
            target = self._query(request)["u"]
            return Reply(status=302, headers={"Location": target, "Cache-Control": "no-store"})
        return pixel_reply()

    def _query(self, request: Request) -> dict[str, str]:
        fields = {name: values[0] for name, values in request.query.items() if values}
        if not fields:
            raise payload_invalid("it has no parameters.", "缺少参数。")
        if request.path.endswith(_REDIRECT):
            self._check_target(fields.get("u", ""))
            fields.setdefault("e", "redirect")
        return fields

    def _check_target(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            parts, host = urlsplit(""), ""
        # Browsers read a backslash as a slash and drop control characters: their host may be another.
        plain = (
            url.isprintable() and not any(character in url for character in "\\ ") and "@" not in parts.netloc
        )
        listed = host in self.redirect_hosts or any(
            each.startswith(".") and host.endswith(each) for each in self.redirect_hosts
        )
        if parts.scheme not in ("http", "https") or not plain or not listed:
            raise PayloadInvalid(
                path="u",
                reason_en="the redirect does not lead to a host that is allowed.",
                reason_zh="跳转目标不在允许的域名列表中。",
            )


def _payload(request: Request) -> list[Any]:
    body = decode_json(request.body)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list):
        raise payload_invalid("a payload has a list of data.", "请求体必须包含 data 列表。", "data")
    return data


def _time_or_none(value: object) -> int | None:
    try:
        return read_time_ms(value)
    except ItemInvalid:
        return None


def _read(
    fields: dict[str, Any],
    request: Request,
    linked: set[tuple[str, str]],
    position: str,
    *,
    app_name: bool,
) -> list[Item]:
    contexts = read_contexts(fields)
    event, properties = read_event(fields, contexts)
    if app_name and isinstance(fields.get("aid"), str):
        properties["$app_name"] = fields["aid"]
    # dtm is when the tracker noted the event, ttm when the sender says that it truly happened.
    time_ms = read_time_ms(fields.get("ttm"), "ttm") or read_time_ms(fields.get("dtm"), "dtm")
    message_id = read_id(fields.get("eid"), "eid")
    known_id = read_id(fields.get("uid"), "uid")
    anonymous_id = _anonymous_id(fields, contexts)
    user_agent = read_id(fields.get("ua"), "ua", 2048) or request_user_agent(request)
    ip = read_id(fields.get("ip"), "ip") or request_ip(request)
    items: list[Item] = []
    if known_id and anonymous_id and (anonymous_id, known_id) not in linked:
        linked.add((anonymous_id, known_id))
        items.append(
            IdentityLink(
                anonymous_id=anonymous_id,
                known_id=known_id,
                time_ms=time_ms,
                message_id=message_id,
                position=position,
            )
        )
    fallback = visitor_id(read_id(fields.get("aid"), "aid"), ip, user_agent, request.received_ms, "month")
    items.append(
        IncomingEvent(
            event=event,
            distinct_id=known_id or anonymous_id or fallback,
            time_ms=time_ms,
            message_id=message_id,
            properties=properties,
            session_id=read_id(fields.get("sid"), "sid") or contexts.session_id or "",
            user_agent=user_agent,
            ip=ip,
            position=position,
        )
    )
    return items


def _anonymous_id(fields: dict[str, Any], contexts: Contexts) -> str | None:
    return (
        read_id(fields.get("duid"), "duid")
        or contexts.user_id
        or read_id(fields.get("tnuid"), "tnuid")
        or read_id(fields.get("nuid"), "nuid")
    )


PROTOCOL = SnowplowProtocol()


def use_redirect_hosts(hosts: Iterable[str]) -> None:
    """Set where click links may lead, once at start; a leading dot means the subdomains of a host."""
    PROTOCOL.redirect_hosts = frozenset(host.strip().lower() for host in hosts)
