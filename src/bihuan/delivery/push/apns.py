"""Push by Apple's service (APNs): HTTP/2, identified by a token; one request for each device."""

from __future__ import annotations

import uuid
from typing import Any, Literal, cast
from urllib.parse import quote

from joserfc.errors import JoseError
from pydantic import Field, SecretStr, field_validator

from bihuan.delivery.http import ACCOUNT_SECONDS, Answer, HttpChannel, json_bytes, result_of_status
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Kind, PerSecond
from bihuan.delivery.port import Limits, Outgoing, Push, Rejected, Result, Retry, Sent
from bihuan.delivery.push.tokens import Kept, apple_token

_HOSTS = {"production": "https://api.push.apple.com", "sandbox": "https://api.sandbox.push.apple.com"}
_DEAD = {"BadDeviceToken", "Unregistered", "DeviceTokenNotForTopic", "ExpiredToken"}
_WAITS = {
    "TooManyRequests": 60.0,
    "TooManyProviderTokenUpdates": 1_200.0,
    "InternalServerError": 60.0,
    "ServiceUnavailable": 60.0,
    "Shutdown": 5.0,
}
_ACCOUNT = {
    "ExpiredProviderToken",
    "InvalidProviderToken",
    "MissingProviderToken",
    "BadCertificate",
    "Forbidden",
    "BadCertificateEnvironment",
    "TopicDisallowed",
    "BadTopic",
    "MissingTopic",
}
# Apple refuses tokens older than an hour and ones made more often than every 20 minutes.
_TOKEN_SECONDS = 3_000.0
_MOST_BYTES = 4_096
_NAMESPACE = uuid.UUID("6f1f6a0c-9a1c-5a39-8d0e-0f5d3a9b7c11")


class ApnsSettings(ChannelSettings):
    """The key from Apple's developer pages (a .p8 file) is the secret."""

    team_id: str = Field(pattern=r"^[A-Z0-9]{10}$")
    key_id: str = Field(pattern=r"^[A-Z0-9]{10}$")
    private_key: SecretStr = Field(description="The .p8 file, whole")
    topic: str = Field(min_length=1, max_length=200, description="The app's bundle id")
    environment: Literal["production", "sandbox"] = "production"
    base_url: str = Field("", description="Empty: Apple's, of the environment")
    per_second: PerSecond = 500.0
    connections: int = Field(100, ge=1, le=1_000, description="Requests at once, over few connections")
    answer_seconds: AnswerSeconds = 20.0

    @field_validator("private_key")
    @classmethod
    def _readable(cls, given: SecretStr) -> SecretStr:
        try:
            apple_token("", "", given.get_secret_value())
        except (ValueError, JoseError):
            raise ValueError("it is not a .p8 file") from None
        return given


class Apns(HttpChannel):
    """Sends alerts. ``http2`` is off only where a test has no such server."""

    content = Push

    def __init__(self, settings: ApnsSettings, private: bool, *, http2: bool = True) -> None:
        super().__init__(
            settings.base_url or _HOSTS[settings.environment],
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
            http2=http2,
        )
        self._settings = settings
        self._token = Kept(self._make)

    async def deliver(self, message: Outgoing) -> Result:
        """One request to ``/3/device/…``."""
        push = cast(Push, message.content)
        if not message.address.isalnum() or not message.address.isascii():
            return Rejected("no device token", address_is_dead=True)
        aps: dict[str, Any] = {"alert": {"title": push.title, "body": push.body}, "sound": "default"}
        body = json_bytes({**push.data, **({"link": push.link} if push.link else {}), "aps": aps})
        if len(body) > _MOST_BYTES:
            raise ValueError(f"APNs takes at most {_MOST_BYTES} bytes")
        token = await self._token()
        headers = {
            "authorization": f"bearer {token}",
            "apns-topic": self._settings.topic,
            "apns-push-type": "alert",
            "apns-priority": "10",
            "apns-id": str(uuid.uuid5(_NAMESPACE, message.message_id)),
            "content-type": "application/json",
        }
        answer = await self.call("POST", f"{self.base_url}/3/device/{quote(message.address)}", body, headers)
        if answer.json.get("reason") == "ExpiredProviderToken":
            self._token.forget(token)
        return _result(answer)

    async def _make(self) -> tuple[str, float]:
        settings = self._settings
        key = settings.private_key.get_secret_value()
        return apple_token(settings.team_id, settings.key_id, key), _TOKEN_SECONDS


def _result(answer: Answer) -> Result:
    if answer.status == 200:
        return Sent(answer.headers.get("apns-id", ""))
    code = str(answer.json.get("reason", ""))
    if code in _DEAD:
        return Rejected(code, address_is_dead=True)
    if code in _WAITS:
        return Retry(code, answer.wait_seconds or _WAITS[code])
    if code in _ACCOUNT:
        return Retry(code, ACCOUNT_SECONDS)
    return result_of_status(answer, code)


KIND = Kind("apns", Push, "push", ApnsSettings, Apns)
