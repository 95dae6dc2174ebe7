"""SMS by Tencent Cloud (短信, API version 2021-01-11): SendSms, up to 200 numbers of one text a request."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from bihuan.delivery.http import ACCOUNT_SECONDS, Answer, HttpChannel, json_bytes, result_of_status
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Connections, Kind, PerSecond
from bihuan.delivery.port import Limits, Outgoing, Rejected, Result, Retry, Sent, Sms, Uncertain
from bihuan.delivery.sms.numbers import e164
from bihuan.delivery.sms.signatures import tc3_authorization

MOST_NUMBERS = 200
_VERSION = "2021-01-11"
_DEAD = {
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber",
}
_WAITS = {
    "LimitExceeded.DeliveryFrequencyLimit": 60.0,
    "LimitExceeded.PhoneNumberThirtySecondLimit": 30.0,
    "LimitExceeded.PhoneNumberOneHourLimit": 3_600.0,
    "LimitExceeded.PhoneNumberDailyLimit": 86_400.0,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": 86_400.0,
    "LimitExceeded.AppDailyLimit": 86_400.0,
    "LimitExceeded.DailyLimit": 86_400.0,
    "RequestLimitExceeded": 10.0,
}
_ACCOUNT = ("AuthFailure", "FailedOperation.InsufficientBalanceInSmsPackage", "UnauthorizedOperation")


class TencentSmsSettings(ChannelSettings):
    """Access to Tencent Cloud; ``signature`` and ``template_id`` are for messages that name none."""

    secret_id: str = Field(min_length=1, max_length=200)
    secret_key: SecretStr
    app_id: str = Field(min_length=1, max_length=64, description="SmsSdkAppId")
    signature: str = Field("", max_length=100)
    template_id: str = Field("", max_length=100)
    region: str = "ap-guangzhou"
    base_url: str = "https://sms.tencentcloudapi.com"
    per_second: PerSecond = 500.0
    connections: Connections = 8
    answer_seconds: AnswerSeconds = 20.0


class TencentSms(HttpChannel):
    """Messages of a batch that say the same go in one request; each number has a status of its own."""

    content = Sms

    def __init__(self, settings: TencentSmsSettings, private: bool) -> None:
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits(settings.per_second, MOST_NUMBERS, settings.connections),
        )
        self._settings = settings

    def together(self, batch: Sequence[Outgoing]) -> list[list[int]]:
        """Messages that say the same, at most 200, all to the mainland or all abroad, no number twice."""
        groups: dict[Any, list[int]] = {}
        seen: Counter[Any] = Counter()
        for place, message in enumerate(batch):
            sms, number = message.content, e164(message.address)
            if not isinstance(sms, Sms) or number is None:
                groups[place] = [place]
                continue
            same = (sms.template_id, tuple(sms.parameters.items()), sms.text, sms.signature)
            key = (same, number.startswith("+86"))
            groups.setdefault((key, seen[key, number]), []).append(place)
            seen[key, number] += 1
        return [
            places[start : start + MOST_NUMBERS]
            for places in groups.values()
            for start in range(0, len(places), MOST_NUMBERS)
        ]

    async def deliver_together(self, messages: list[Outgoing]) -> list[Result]:
        """One call of SendSms."""
        sms, settings = cast(Sms, messages[0].content), self._settings
        numbers = [e164(each.address) for each in messages]
        if None in numbers:
            return [Rejected("no phone number", address_is_dead=True)] * len(messages)
        template = sms.template_id or settings.template_id
        if not template:
            raise ValueError("Tencent Cloud needs a template")
        asked: dict[str, Any] = {
            "PhoneNumberSet": numbers,
            "SmsSdkAppId": settings.app_id,
            "TemplateId": template,
            "TemplateParamSet": list(sms.parameters.values()) or ([sms.text] if sms.text else []),
        }
        if signature := sms.signature or settings.signature:
            asked["SignName"] = signature
        if len(messages) == 1:
            asked["SessionContext"] = messages[0].message_id
        return _results(await self._call("SendSms", json_bytes(asked)), numbers)

    async def _call(self, action: str, body: bytes) -> Answer:
        settings, now = self._settings, int(time.time())
        signed = {
            "content-type": "application/json; charset=utf-8",
            "host": urlsplit(self.base_url).netloc,
            "x-tc-action": action,
        }
        secret = settings.secret_key.get_secret_value()
        more = {
            "authorization": tc3_authorization(settings.secret_id, secret, "sms", now, signed, body),
            "x-tc-timestamp": str(now),
            "x-tc-version": _VERSION,
            "x-tc-region": settings.region,
        }
        return await self.call("POST", f"{self.base_url}/", body, {**signed, **more})


def _results(answer: Answer, numbers: Sequence[str | None]) -> list[Result]:
    found = answer.json.get("Response")
    if not isinstance(found, dict):
        return [result_of_status(answer)] * len(numbers)
    if error := found.get("Error"):
        return [_result(str(error.get("Code")), str(error.get("Message")), "")] * len(numbers)
    statuses = {each.get("PhoneNumber"): each for each in found.get("SendStatusSet", [])}
    missing = {"Code": "", "Message": "the answer does not mention this number"}
    several = (statuses.get(number, missing) for number in numbers)
    return [_result(str(of.get("Code")), str(of.get("Message")), str(of.get("SerialNo"))) for of in several]


def _result(code: str, message: str, serial: str) -> Result:
    reason = f"{code} {message}"
    if code == "Ok":
        return Sent(serial)
    if code in _DEAD:
        return Rejected(reason, address_is_dead=True)
    if code in _WAITS:
        return Retry(reason, _WAITS[code])
    if code.startswith(("LimitExceeded", "RequestLimitExceeded")):
        return Retry(reason, 60.0)
    if code.startswith(_ACCOUNT):
        return Retry(reason, ACCOUNT_SECONDS)
    # An inner time-out of theirs: documented as "try again", which could send it twice.
    return Uncertain(reason) if not code or code.startswith("InternalError") else Rejected(reason)


KIND = Kind("sms_tencent", Sms, "phone", TencentSmsSettings, TencentSms)
