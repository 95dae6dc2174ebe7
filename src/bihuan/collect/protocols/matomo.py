"""Matomo (Piwik): ``/matomo.php`` and ``/piwik.php``, query, form or bulk (https://developer.matomo.org/api-reference/tracking-api).

Write key, the first there is: the path (``/in/matomo/<write key>/matomo.php`` as tracker URL), ``idsite``
where it is not a number, ``token_auth``, ``idsite``. So SDKs that insist on a numeric site id carry the
key in the path or as token.

Ids: ``uid`` is the known person, ``cid`` or ``_id`` the visitor; with both the two are linked. With
neither the visitor is a monthly hash of address and user agent. ``cip``, ``cdt`` and the place need no
token.

Message ids: the protocol has none. A request with ``rand`` (made anew for each request, kept when a
tracker sends it again) gets one derived from all its parameters; without ``rand`` a repetition counts
again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import decode_json, form_fields, payload_invalid
from bihuan.collect.protocols.matomo_actions import read_action
from bihuan.collect.protocols.message_ids import derived_message_id
from bihuan.collect.protocols.rejection import ItemInvalid, read_id, type_invalid
from bihuan.collect.protocols.replies import json_reply, pixel_reply
from bihuan.collect.protocols.timestamps import read_time_ms, seconds_to_ms
from bihuan.collect.protocols.visitor import request_ip, request_user_agent, visitor_id
from bihuan.collect.protocols.write_keys import OneWriteKey, key_in_path, with_key_in_path

_PATHS = tuple((method, path) for path in ("/matomo.php", "/piwik.php") for method in ("GET", "POST"))
_MAX_PARAMETERS = 1000
# Parameters that change when the same request is sent again.
_SENDING = frozenset(("cdo", "send_image", "token_auth", "queuedtracking"))

Parameters = dict[str, str]


class MatomoProtocol(CollectProtocol):
    """Matomo's tracking API."""

    name = "matomo"
    title = "Matomo"
    replay_path = "/matomo.php"
    replay_member = "requests"
    paths = with_key_in_path(_PATHS)

    def parse(self, request: Request) -> Parsed:
        """One request, or all of a bulk request."""
        key = OneWriteKey(key_in_path(request.path, _PATHS))
        bulk = _bulk(request)
        parsed = Parsed()
        requests: list[Any] = [_single(request)] if bulk is None else bulk["requests"]
        shared_token = bulk.get("token_auth") if bulk is not None else None
        linked: set[tuple[str, str]] = set()
        for index, raw in enumerate(requests):
            position = "" if bulk is None else f"requests[{index}]"
            try:
                parameters = raw if bulk is None else _parameters(raw)
                key.check(_write_key(parameters, shared_token), "idsite")
                parsed.items.extend(_read(parameters, request, linked, position))
            except ItemInvalid as error:
                parsed.rejected.append(error.as_rejected(position, raw))
        parsed.write_key = key.value
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """The bulk summary, 204 where ``send_image=0`` asks for it, else a GIF."""
        bulk = _bulk(request)
        if bulk is None:
            if _single(request).get("send_image") == "0":
                return Reply(status=204)
            return pixel_reply()
        invalid = sorted({_index_of(position) for position, _ in outcome.quarantined})
        answer = {
            "status": "success",
            "tracked": len(bulk["requests"]) - len(invalid),
            "invalid": len(invalid),
        }
        return json_reply({**answer, "invalid_indices": invalid} if invalid else answer)


def _bulk(request: Request) -> dict[str, Any] | None:
    """The body of a bulk request; None for one in the query or a form."""
    if request.method != "POST" or request.body.lstrip()[:1] != b"{":
        return None
    body = decode_json(request.body)
    if not isinstance(body, dict) or not isinstance(body.get("requests"), list):
        raise payload_invalid(
            "a bulk request has a list of requests.", "批量请求必须包含 requests 列表。", "requests"
        )
    return body


def _single(request: Request) -> Parameters:
    parameters = {name: values[-1] for name, values in request.query.items() if values}
    if request.method == "POST" and request.body:
        parameters.update((name, values[-1]) for name, values in form_fields(request.body).items())
    if not parameters:
        raise payload_invalid("it has no parameters.", "缺少参数。")
    return parameters


def _parameters(raw: object) -> Parameters:
    """Parameters of one entry of a bulk request: a query string, or an object as Matomo also takes."""
    if isinstance(raw, dict):
        return {str(name): str(value) for name, value in raw.items() if value is not None}
    if not isinstance(raw, str):
        raise type_invalid("", "a query string", "查询字符串")
    try:
        fields = parse_qs(raw.partition("?")[2] or raw, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise type_invalid("", "a query string", "查询字符串") from None
    return {name: values[-1] for name, values in fields.items()}


def _write_key(parameters: Parameters, shared_token: object) -> str | None:
    site = parameters.get("idsite", "").strip()
    token = parameters.get("token_auth") or (shared_token if isinstance(shared_token, str) else None)
    return site if site and not site.isdecimal() else token or site or None


def _read(
    parameters: Parameters, request: Request, linked: set[tuple[str, str]], position: str
) -> list[Item]:
    known_id = read_id(parameters.get("uid"), "uid")
    anonymous_id = read_id(parameters.get("cid"), "cid") or read_id(parameters.get("_id"), "_id")
    user_agent = parameters.get("ua") or request_user_agent(request)
    ip = parameters.get("cip") or request_ip(request)
    if anonymous_id is None and known_id is None:
        site = parameters.get("idsite", "")
        anonymous_id = visitor_id(site, ip, user_agent, request.received_ms, "month")
    time_ms = _time_ms(parameters, request)
    message_id = _message_id(parameters)
    event, properties = read_action(parameters)
    items: list[Item] = []
    if known_id is not None and anonymous_id is not None and (anonymous_id, known_id) not in linked:
        linked.add((anonymous_id, known_id))
        items.append(
            IdentityLink(anonymous_id=anonymous_id, known_id=known_id, time_ms=time_ms, position=position)
        )
    items.append(
        IncomingEvent(
            event=event,
            distinct_id=known_id or anonymous_id or "",
            time_ms=time_ms,
            message_id=message_id,
            properties=properties,
            user_agent=user_agent,
            ip=ip,
            position=position,
        )
    )
    return items


def _time_ms(parameters: Parameters, request: Request) -> int | None:
    """``cdt`` is the time (UTC), ``cdo`` how many seconds ago it happened."""
    time_ms = read_time_ms(parameters.get("cdt"), "cdt")
    if time_ms is None and parameters.get("cdo"):
        ago_ms = seconds_to_ms(parameters["cdo"].lstrip("-"), "cdo")
        return None if ago_ms is None else request.received_ms - ago_ms
    return time_ms


def _message_id(parameters: Parameters) -> str | None:
    if not (parameters.get("rand") or parameters.get("r")):
        return None
    return derived_message_id("matomo", {n: v for n, v in parameters.items() if n not in _SENDING})


def _index_of(position: str) -> int:
    digits = position.removeprefix("requests[").partition("]")[0]
    return int(digits) if digits.isdecimal() else 0


PROTOCOL = MatomoProtocol()
