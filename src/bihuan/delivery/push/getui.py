"""Push by Getui (个推, REST API V2): one request for each device; a repeated request id is dropped there."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any, cast
from urllib.parse import quote

from pydantic import Field, SecretStr

from bihuan.delivery.http import (
    ACCOUNT_SECONDS,
    Answer,
    HttpChannel,
    NotSent,
    Unanswered,
    json_bytes,
    no_token,
    result_of_status,
)
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Connections, Kind, PerSecond
from bihuan.delivery.port import (
    Limits,
    Outgoing,
    Push,
    Rejected,
    Result,
    Retry,
    Sent,
    Uncertain,
)
from bihuan.delivery.push.tokens import Kept

_TOKEN_REFUSED, _BAD_VALUE = 10001, 20001
_WAITS = {2: 30.0, 10003: 60.0, 10005: 60.0}
_ACCOUNT = {301, 10002, 10004}
_TAKEN = {"successed_online", "successed_offline"}


class GetuiSettings(ChannelSettings):
    """An app of Getui's console."""

    app_id: str = Field(min_length=1, max_length=100)
    app_key: str = Field(min_length=1, max_length=100)
    master_secret: SecretStr
    base_url: str = "https://restapi.getui.com/v2"
    ttl_seconds: int = Field(7_200, ge=0, le=259_200, description="How long a device may be off-line")
    per_second: PerSecond = 50.0
    connections: Connections = 16
    answer_seconds: AnswerSeconds = 20.0


class Getui(HttpChannel):
    """Sends to cids."""

    content = Push

    def __init__(self, settings: GetuiSettings, private: bool) -> None:
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
        )
        self._settings = settings
        self._token = Kept(self._fetch)
        self._url = f"{self.base_url}/{quote(settings.app_id)}"

    def unanswered(self, reason: str) -> Result:
        """The same request id is not sent twice, so it may be tried again."""
        return Retry(reason)

    async def deliver(self, message: Outgoing) -> Result:
        """One push/single/cid; once more with a new token when the token was refused."""
        body = json_bytes(self._payload(message))
        for _ in range(2):
            token = await self._token()
            headers = {"token": token, "content-type": "application/json;charset=utf-8"}
            answer = await self.call("POST", f"{self._url}/push/single/cid", body, headers)
            if answer.json.get("code") != _TOKEN_REFUSED:
                break
            self._token.forget(token)
        return _result(answer, message.address)

    def _payload(self, message: Outgoing) -> dict[str, Any]:
        push = cast(Push, message.content)
        notice: dict[str, Any] = {"title": push.title, "body": push.body, "click_type": "startapp"}
        if push.link:
            notice |= {"click_type": "url", "url": push.link}
        elif push.data:
            notice |= {"click_type": "payload", "payload": json.dumps(dict(push.data), ensure_ascii=False)}
        alert = {"title": push.title, "body": push.body}
        ios: dict[str, Any] = {"type": "notify", "aps": {"alert": alert, "content-available": 0}}
        if push.link or push.data:
            ios["payload"] = json.dumps({**push.data, "link": push.link}, ensure_ascii=False)
        return {
            "request_id": hashlib.sha256(message.message_id.encode()).hexdigest()[:32],
            "settings": {"ttl": self._settings.ttl_seconds * 1_000},
            "audience": {"cid": [message.address]},
            "push_message": {"notification": notice},
            "push_channel": {"ios": ios},
        }

    async def _fetch(self) -> tuple[str, float]:
        settings, now = self._settings, str(time.time_ns() // 1_000_000)
        said = f"{settings.app_key}{now}{settings.master_secret.get_secret_value()}"
        sign = hashlib.sha256(said.encode()).hexdigest()
        asked = {"sign": sign, "timestamp": now, "appkey": settings.app_key}
        headers = {"content-type": "application/json;charset=utf-8"}
        try:
            answer = await self.call("POST", f"{self._url}/auth", json_bytes(asked), headers)
        except Unanswered as error:
            raise NotSent(f"no token: {error}") from error
        found = answer.json.get("data")
        if answer.json.get("code") != 0 or not isinstance(found, dict) or "token" not in found:
            raise no_token(answer, f"{answer.json.get('code', '')} {answer.json.get('msg', '')}")
        self.reason.hide(str(found["token"]))
        left = float(found.get("expire_time", 0)) / 1_000 - time.time()
        return str(found["token"]), max(60.0, left - 600.0)


def _result(answer: Answer, address: str) -> Result:
    found = answer.json
    code, said = found.get("code"), str(found.get("msg", ""))
    reason = f"{code if code is not None else ''} {said}"
    if code == 0 and isinstance(found.get("data"), dict):
        for task, states in found["data"].items():
            state = states.get(address) if isinstance(states, dict) else None
            if state in _TAKEN:
                return Sent(str(task))
            if state is not None:
                # Getui leaves out devices that were not seen for long.
                return Rejected(str(state))
        return Uncertain("the answer does not mention the device")
    if code == _BAD_VALUE:
        return Rejected(reason, address_is_dead="target user is invalid" in said)
    if code in _WAITS:
        return Retry(reason, _WAITS[code])
    if code in _ACCOUNT or code == _TOKEN_REFUSED:
        return Retry(reason, ACCOUNT_SECONDS)
    if isinstance(code, int) and 30_000 <= code < 40_000:
        return Retry(reason, ACCOUNT_SECONDS)
    return Uncertain(reason) if code == 1 else result_of_status(answer, reason)


KIND = Kind("getui", Push, "push", GetuiSettings, Getui)
