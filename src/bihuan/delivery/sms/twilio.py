"""SMS by Twilio: one Message resource for each."""

from __future__ import annotations

import base64
from typing import cast
from urllib.parse import quote, urlencode

from pydantic import Field, SecretStr

from bihuan.delivery.http import ACCOUNT_SECONDS, THROTTLED_SECONDS, Answer, HttpChannel, result_of_status
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Connections, Kind, PerSecond
from bihuan.delivery.port import Limits, Outgoing, Rejected, Result, Retry, Sent, Sms
from bihuan.delivery.sms.numbers import e164

# No such number; no mobile; unsubscribed; cannot be routed; a landline.
_DEAD = {21211, 21214, 21217, 21610, 21612, 21614, 30003, 30005, 30006}
# Too many requests, of the account or the sender; the queue is full.
_WAITS = {20429, 14107, 21611, 30001, 63018}
_ACCOUNT = {20003, 20005, 21603, 21606, 21659, 30002}
_MOST_LETTERS = 1_600


class TwilioSmsSettings(ChannelSettings):
    """Access to Twilio; sent from a number or by a messaging service."""

    account_sid: str = Field(pattern=r"^AC[0-9a-f]{32}$")
    auth_token: SecretStr
    sender: str = Field("", max_length=40, description="A number or name to send from")
    messaging_service_sid: str = Field("", max_length=40)
    status_callback: str = Field("", max_length=1_000, description="URL that is told of the delivery")
    base_url: str = "https://api.twilio.com"
    per_second: PerSecond = 10.0
    connections: Connections = 16
    answer_seconds: AnswerSeconds = 20.0


class TwilioSms(HttpChannel):
    """Sends the text as it is."""

    content = Sms

    def __init__(self, settings: TwilioSmsSettings, private: bool) -> None:
        token = settings.auth_token.get_secret_value()
        basic = base64.b64encode(f"{settings.account_sid}:{token}".encode()).decode()
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
            secrets=[basic],
        )
        self._settings = settings
        self._headers = {
            "authorization": f"Basic {basic}",
            "content-type": "application/x-www-form-urlencoded",
        }
        self._url = f"{self.base_url}/2010-04-01/Accounts/{quote(settings.account_sid)}/Messages.json"

    async def deliver(self, message: Outgoing) -> Result:
        """Create one Message."""
        sms, settings = cast(Sms, message.content), self._settings
        number = e164(message.address)
        if number is None:
            return Rejected("no phone number", address_is_dead=True)
        text = f"【{sms.signature}】{sms.text}" if sms.signature else sms.text
        if not 0 < len(text) <= _MOST_LETTERS:
            raise ValueError(f"Twilio takes texts of 1 to {_MOST_LETTERS} characters")
        form = {"To": number, "Body": text}
        if settings.messaging_service_sid:
            form["MessagingServiceSid"] = settings.messaging_service_sid
        elif settings.sender:
            form["From"] = settings.sender
        else:
            raise ValueError("Twilio needs a sender or a messaging service")
        if settings.status_callback:
            form["StatusCallback"] = settings.status_callback
        return _result(await self.call("POST", self._url, urlencode(form).encode(), self._headers))


def _result(answer: Answer) -> Result:
    found = answer.json
    if answer.status == 201 and found.get("sid"):
        return Sent(str(found["sid"]))
    code = found.get("code")
    reason = f"{code or ''} {found.get('message', '')}"
    if code in _DEAD:
        return Rejected(reason, address_is_dead=True)
    if code in _WAITS:
        return Retry(reason, answer.wait_seconds or THROTTLED_SECONDS)
    if code in _ACCOUNT:
        return Retry(reason, ACCOUNT_SECONDS)
    return result_of_status(answer, reason)


KIND = Kind("sms_twilio", Sms, "phone", TwilioSmsSettings, TwilioSms)
