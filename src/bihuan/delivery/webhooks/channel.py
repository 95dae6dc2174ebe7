"""Webhooks as Standard Webhooks has them: signed, with an id by which the receiver knows what came twice."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from typing import cast

from pydantic import Field, SecretStr, field_validator

from bihuan.delivery.http import Answer, HttpChannel, json_bytes
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Connections, Kind
from bihuan.delivery.port import Call, Limits, Outgoing, Rejected, Result, Retry, Sent
from bihuan.delivery.webhooks.signing import SECRET_PREFIX, signed_headers

_GONE = 410
_ID = re.compile(r"[A-Za-z0-9_:-]{1,200}")


class WebhookSettings(ChannelSettings):
    """Where to, and the secret with which the receiver checks."""

    url: str = Field(min_length=8, max_length=2_000)
    secret: SecretStr = Field(description="whsec_ and base64, as Standard Webhooks has it")
    per_second: float = Field(0.0, ge=0, description="Messages a second, 0 for no limit")
    connections: Connections = 8
    answer_seconds: AnswerSeconds = 15.0

    @field_validator("secret")
    @classmethod
    def _of_standard_webhooks(cls, given: SecretStr) -> SecretStr:
        try:
            key = base64.b64decode(given.get_secret_value().removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            key = b""
        if not 24 <= len(key) <= 64:
            raise ValueError("it is not whsec_ and base64 of 24 to 64 bytes")
        return given


class Webhook(HttpChannel):
    """Posts the payload; the address of a message is not looked at."""

    content = Call

    def __init__(self, settings: WebhookSettings, private: bool) -> None:
        super().__init__(
            settings.url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
        )
        self._settings = settings

    def unanswered(self, reason: str) -> Result:
        """The receiver knows the id if it comes again."""
        return Retry(reason)

    async def deliver(self, message: Outgoing) -> Result:
        """One POST."""
        body = json_bytes(cast(Call, message.content).payload)
        known = _ID.fullmatch(message.message_id)
        name = message.message_id if known else hashlib.sha256(message.message_id.encode()).hexdigest()
        headers = signed_headers(self._settings.secret.get_secret_value(), name, int(time.time()), body)
        headers["content-type"] = "application/json"
        return _result(await self.call("POST", self._settings.url, body, headers), name)


def _result(answer: Answer, name: str) -> Result:
    if 200 <= answer.status < 300:
        return Sent(name)
    if answer.status == _GONE:
        return Rejected("HTTP 410: the receiver wants nothing any more", address_is_dead=True)
    return Retry(f"HTTP {answer.status}", answer.wait_seconds)


KIND = Kind("webhook", Call, "none", WebhookSettings, Webhook)
