"""``/v1/inbox`` as bare ASGI: the SDK fetches a person's messages, and says what they did with them.

``GET /v1/inbox?key=…&distinct_id=…[&signature=…]`` answers ``{"messages": [...]}``. ``POST /v1/inbox`` takes
``{"key", "distinct_id", "signature", "act": "seen|clicked|dismissed", "ids": [...]}``. The key is the
project's write key, which anybody can read in a page: with ``sign_inbox`` in the project's policy only who
shows the signature that the company's server made of the id gets anything.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from bihuan.access import WriteKeyCache, WriteKeyUnknown
from bihuan.database import Database
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.hashing import key64
from bihuan.messages.inbox import service
from bihuan.messages.inbox.errors import InboxRequestInvalid, InboxSignatureWrong
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.ports import SendingProject
from bihuan.messages.tracking.telling import Happening, happened

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_log = logging.getLogger(__name__)

PATH = "/v1/inbox"
MOST_BODY_BYTES = 64 << 10
_EVENTS: dict[str, Happening] = {
    "seen": "$message_opened",
    "clicked": "$message_clicked",
    "dismissed": "$message_dismissed",
}


class InboxApplication:
    """Serves messages inside the app.

    Args:
        project: opens a project.
        cors_origins: sites whose pages may ask; ``*`` for all.
    """

    def __init__(
        self,
        database: Database,
        keys: WriteKeyCache,
        project: Callable[[str], SendingProject],
        *,
        cors_origins: list[str],
    ) -> None:
        self._database = database
        self._keys = keys
        self._project = project
        self._cors_origins = frozenset(cors_origins)

    def handles(self, path: str) -> bool:
        """Whether a path is this one."""
        return path == PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status, answer = 204, None
        if scope["method"] != "OPTIONS":
            try:
                given = await self._given(scope, receive)
                answer = await asyncio.to_thread(self._answer, scope["method"], given)
                status = 200
            except BihuanError as error:
                status, answer = error.status, error.as_dict("en")
        body = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
        pairs = {"content-type": "application/json", "content-length": str(len(body))}
        pairs |= {"cache-control": "no-store", **self._cors(headers)}
        sent = [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    async def _given(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        if scope["method"] == "GET":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return {name: values[0] for name, values in query.items()}
        if scope["method"] != "POST":
            raise InboxRequestInvalid(reason_en="it is neither GET nor POST", reason_zh="请使用 GET 或 POST")
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > MOST_BODY_BYTES:
                raise InboxRequestInvalid(reason_en="the body is too large", reason_zh="请求体过大")
            more = message.get("more_body", False)
        try:
            given = json.loads(b"".join(parts))
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            raise InboxRequestInvalid(
                reason_en="the body is no JSON object", reason_zh="请求体不是 JSON 对象"
            )
        return given

    def _answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        key, distinct_id = given.get("key"), given.get("distinct_id")
        if not isinstance(key, str) or not isinstance(distinct_id, str) or not distinct_id:
            raise InboxRequestInvalid(
                reason_en="key and distinct_id are needed", reason_zh="缺少 key 或 distinct_id"
            )
        target = self._keys.resolve(key)
        if target is None:
            raise WriteKeyUnknown
        self._check_signature(target.project_id, distinct_id, given.get("signature"))
        project = self._project(target.project_id)
        person = project.people.identities.person_of(key64(distinct_id))
        now_ms = time.time_ns() // 1_000_000
        if method == "GET":
            with self._database.read_session() as session:
                rows = service.inbox_of(session, target.project_id, person, now_ms)
                return {"messages": [service.shown(row) for row in rows]}
        return {"changed": self._act(project, person, given, now_ms)}

    def _act(self, project: SendingProject, person: int, given: dict[str, Any], now_ms: int) -> int:
        act, ids = given.get("act"), given.get("ids")
        if act not in _EVENTS or not isinstance(ids, list) or len(ids) > service.MOST:
            raise InboxRequestInvalid(
                reason_en="act (seen, clicked, dismissed) and ids are needed",
                reason_zh="缺少 act（seen、clicked、dismissed）或 ids",
            )
        names = [each for each in ids if isinstance(each, str)]
        with self._database.session() as session:
            changed = service.act_on(session, project.row.id, person, names, act, now_ms)
        for each in changed:
            try:
                happened(self._database, project, each, _EVENTS[act], at_ms=now_ms)
            except BihuanError:
                _log.warning("the log was not told of message %s", each, exc_info=True)
        return len(changed)

    def _check_signature(self, project_id: str, distinct_id: str, signature: object) -> None:
        with self._database.read_session() as session:
            if not policy_of(session, project_id).sign_inbox:
                return
        wanted = service.signature_of(service.inbox_secret(self._database, project_id), distinct_id)
        if not isinstance(signature, str) or not hmac.compare_digest(signature.encode(), wanted.encode()):
            raise InboxSignatureWrong(path="signature")

    def _cors(self, headers: dict[str, str]) -> dict[str, str]:
        origin = headers.get("origin")
        if not origin or not ("*" in self._cors_origins or origin in self._cors_origins):
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": headers.get("access-control-request-headers", "content-type"),
            "vary": "origin",
        }
