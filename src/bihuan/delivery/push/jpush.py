"""Push by JPush (极光, Push API v3): one request for each device, with a cid so that none is sent twice."""

from __future__ import annotations

import asyncio
import base64
from typing import Any, cast

from pydantic import Field, SecretStr

from bihuan.delivery.http import (
    ACCOUNT_SECONDS,
    THROTTLED_SECONDS,
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

_NOBODY, _BAD_VALUE = 1011, 1003
_WAITS = {1030: 30.0, 1012: 60.0}
_ACCOUNT = {1004, 1008, 2003, 2004, 2005, 2006, 2007}
_MOST_CIDS = 1_000


class JPushSettings(ChannelSettings):
    """An app of JPush's console."""

    app_key: str = Field(min_length=1, max_length=100)
    master_secret: SecretStr
    apns_production: bool = True
    base_url: str = "https://api.jpush.cn"
    # 600 calls a minute is what accounts begin with.
    per_second: PerSecond = 10.0
    connections: Connections = 8
    answer_seconds: AnswerSeconds = 20.0


class JPush(HttpChannel):
    """Sends to registration ids."""

    content = Push

    def __init__(self, settings: JPushSettings, private: bool) -> None:
        secret = settings.master_secret.get_secret_value()
        basic = base64.b64encode(f"{settings.app_key}:{secret}".encode()).decode()
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
            secrets=[basic],
        )
        self._settings = settings
        self._headers = {"authorization": f"Basic {basic}", "content-type": "application/json"}
        self._cids: list[str] = []
        self._cids_lock = asyncio.Lock()

    async def deliver(self, message: Outgoing) -> Result:
        """One push; asked again with the same cid, which sends nothing twice, when no answer came."""
        body = json_bytes({**self._payload(message), "cid": await self._cid()})
        url = f"{self.base_url}/v3/push"
        try:
            answer = await self.call("POST", url, body, self._headers)
        except Unanswered:
            try:
                answer = await self.call("POST", url, body, self._headers)
            except NotSent as error:
                raise Unanswered(str(error)) from error
        return _result(answer)

    def _payload(self, message: Outgoing) -> dict[str, Any]:
        push = cast(Push, message.content)
        extras = {**push.data, **({"link": push.link} if push.link else {})}
        android: dict[str, Any] = {"alert": push.body, "title": push.title, "extras": extras}
        ios = {"alert": {"title": push.title, "body": push.body}, "sound": "default", "extras": extras}
        return {
            "platform": "all",
            "audience": {"registration_id": [message.address]},
            "notification": {"android": android, "ios": ios},
            "options": {"apns_production": self._settings.apns_production},
        }

    async def _cid(self) -> str:
        async with self._cids_lock:
            if not self._cids:
                url = f"{self.base_url}/v3/push/cid?count={_MOST_CIDS}"
                try:
                    answer = await self.call("GET", url, headers=self._headers)
                except Unanswered as error:
                    raise NotSent(f"no cid: {error}") from error
                found = answer.json.get("cidlist")
                if answer.status != 200 or not isinstance(found, list) or not found:
                    raise no_token(answer, answer.json.get("error", ""))
                self._cids = [str(each) for each in found]
            return self._cids.pop()


def _result(answer: Answer) -> Result:
    found = answer.json
    if answer.status == 200 and "msg_id" in found:
        return Sent(str(found["msg_id"]))
    error = found.get("error")
    error = error if isinstance(error, dict) else {}
    code, said = error.get("code"), str(error.get("message", ""))
    reason = f"{code or ''} {said}"
    if code == _NOBODY or (code == _BAD_VALUE and "registration_id" in said):
        return Rejected(reason, address_is_dead=True)
    if code in _WAITS:
        return Retry(reason, answer.wait_seconds or _WAITS[code])
    if code == 2002:
        reset = answer.headers.get("x-rate-limit-reset", "")
        return Retry(reason, float(reset) if reset.isdigit() else THROTTLED_SECONDS)
    if code in _ACCOUNT:
        return Retry(reason, ACCOUNT_SECONDS)
    return Uncertain(reason) if code == 1000 else result_of_status(answer, reason)


KIND = Kind("jpush", Push, "push", JPushSettings, JPush)
