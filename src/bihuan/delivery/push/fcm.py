"""Push by Firebase Cloud Messaging, HTTP v1: one request for each device."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError
from pydantic import BaseModel, Field, SecretStr, field_validator

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
from bihuan.delivery.port import Limits, Outgoing, Push, Rejected, Result, Retry, Sent
from bihuan.delivery.push.tokens import Kept, google_assertion
from bihuan.delivery.webhooks.addresses import target_of

_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
# Firebase asks to wait a minute where it names no time.
_QUOTA_SECONDS = 60.0
_MOST_BYTES = 4_096


class ServiceAccount(BaseModel):
    """What is needed of the file that Google gives for a service account."""

    project_id: str
    client_email: str
    private_key: str
    private_key_id: str = ""
    token_uri: str = "https://oauth2.googleapis.com/token"


class FcmSettings(ChannelSettings):
    """The service account's JSON file is the secret."""

    service_account: SecretStr = Field(description="The JSON file of the service account, whole")
    base_url: str = "https://fcm.googleapis.com"
    android_channel: str = Field("", max_length=100)
    per_second: PerSecond = 500.0
    connections: Connections = 32
    answer_seconds: AnswerSeconds = 20.0

    @field_validator("service_account")
    @classmethod
    def _readable(cls, given: SecretStr) -> SecretStr:
        try:
            account = ServiceAccount.model_validate_json(given.get_secret_value())
            google_assertion(account.client_email, account.private_key, "", "", "")
        except (ValueError, JoseError):
            raise ValueError("it is not the JSON file of a service account") from None
        return given


class Fcm(HttpChannel):
    """Sends notifications with data to Android, iOS and browsers."""

    content = Push

    def __init__(self, settings: FcmSettings, private: bool) -> None:
        text = settings.service_account.get_secret_value()
        self._account = ServiceAccount.model_validate(json.loads(text))
        target_of(self._account.token_uri, private=private)
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
            secrets=[self._account.private_key],
        )
        self._token = Kept(self._fetch)
        self._android_channel = settings.android_channel
        self._url = f"{self.base_url}/v1/projects/{quote(self._account.project_id)}/messages:send"

    async def deliver(self, message: Outgoing) -> Result:
        """One messages:send; once more with a new token when the token was refused."""
        body = json_bytes({"message": self._message(message.address, cast(Push, message.content))})
        if len(body) > _MOST_BYTES:
            raise ValueError(f"FCM takes at most {_MOST_BYTES} bytes")
        for _ in range(2):
            token = await self._token()
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            answer = await self.call("POST", self._url, body, headers)
            if answer.status != 401:
                break
            self._token.forget(token)
        return _result(answer)

    def _message(self, address: str, push: Push) -> dict[str, Any]:
        found: dict[str, Any] = {
            "token": address,
            "notification": {"title": push.title, "body": push.body},
        }
        data = {**push.data, **({"link": push.link} if push.link else {})}
        if data:
            found["data"] = data
        if push.link.startswith("https://"):
            found["webpush"] = {"fcm_options": {"link": push.link}}
        if self._android_channel:
            found["android"] = {"notification": {"channel_id": self._android_channel}}
        return found

    async def _fetch(self) -> tuple[str, float]:
        account = self._account
        assertion = google_assertion(
            account.client_email, account.private_key, account.private_key_id, account.token_uri, _SCOPE
        )
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        try:
            answer = await self.call("POST", account.token_uri, urlencode(form).encode(), headers)
        except Unanswered as error:
            # Only the token was asked for.
            raise NotSent(f"no token: {error}") from error
        token = answer.json.get("access_token")
        if answer.status != 200 or not token:
            raise no_token(answer, answer.json.get("error", ""))
        self.reason.hide(str(token))
        return str(token), max(60.0, float(answer.json.get("expires_in", 3_600)) - 300.0)


def _result(answer: Answer) -> Result:
    if answer.status == 200:
        return Sent(str(answer.json.get("name", "")))
    error = answer.json.get("error")
    error = error if isinstance(error, dict) else {}
    details = [each for each in error.get("details", []) if isinstance(each, dict)]
    codes = [str(each["errorCode"]) for each in details if "errorCode" in each]
    code = codes[0] if codes else str(error.get("status", ""))
    reason = f"{code} {error.get('message', '')}"
    if code == "UNREGISTERED":
        return Rejected(reason, address_is_dead=True)
    if code == "SENDER_ID_MISMATCH":
        # The token belongs to an app of somebody else.
        return Rejected(reason, address_is_dead=True)
    if code == "INVALID_ARGUMENT":
        fields = [one for each in details for one in each.get("fieldViolations", [])]
        return Rejected(reason, address_is_dead=any(one.get("field") == "message.token" for one in fields))
    if code in {"QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED"}:
        return Retry(reason, answer.wait_seconds or _QUOTA_SECONDS)
    if code in {"UNAVAILABLE"}:
        return Retry(reason, answer.wait_seconds)
    if code in {"THIRD_PARTY_AUTH_ERROR", "UNAUTHENTICATED", "PERMISSION_DENIED"}:
        return Retry(reason, ACCOUNT_SECONDS)
    return result_of_status(answer, reason)


KIND = Kind("fcm", Push, "push", FcmSettings, Fcm)
