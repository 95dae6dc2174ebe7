"""SMS by Aliyun (短信服务, API version 2017-05-25): SendSms, one message a request."""

from __future__ import annotations

import json
import secrets as random
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode, urlsplit

from pydantic import Field, SecretStr

from bihuan.delivery.http import ACCOUNT_SECONDS, Answer, HttpChannel, result_of_status
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Connections, Kind, PerSecond
from bihuan.delivery.port import (
    Limits,
    Outgoing,
    Rejected,
    Result,
    Retry,
    Sent,
    Sms,
    Uncertain,
)
from bihuan.delivery.sms.numbers import aliyun_number, e164
from bihuan.delivery.sms.signatures import acs3_authorization, sha256_of

_VERSION = "2017-05-25"
_HOUR, _DAY = 3_600.0, 86_400.0
_DEAD = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.PHONE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT_NUMBER"}
# What a wait mends; seconds.
_WAITS = {
    "isv.BUSINESS_LIMIT_CONTROL": _HOUR,
    "isv.DAY_LIMIT_CONTROL": _DAY,
    "isv.MONTH_LIMIT_CONTROL": _DAY,
    "BUSINESS_LIMIT_CONTROL_MINUTE": 60.0,
    "isv.BUSINESS_LIMIT_HOUR": _HOUR,
    "isv.BUSINESS_LIMIT_DAY": _DAY,
    "Throttling": 30.0,
    "Throttling.User": 30.0,
    "Throttling.Api": 30.0,
    "ServiceUnavailable": 30.0,
    "isp.GATEWAY_ERROR": 60.0,
}
# What somebody has to mend in the account before anything can be sent.
_ACCOUNT = {
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.ACCOUNT_ABNORMAL",
    "isv.ACCOUNT_NOT_EXISTS",
    "isv.PRODUCT_UN_SUBSCRIPT",
    "isp.RAM_PERMISSION_DENY",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive",
    "SignatureDoesNotMatch",
    "InvalidTimeStamp.Expired",
    "Forbidden.RAM",
}
_UNKNOWN = {"isp.SYSTEM_ERROR", "InternalError", "isp.UNKNOWN"}


class AliyunSmsSettings(ChannelSettings):
    """Access to Aliyun; ``signature`` and ``template_id`` are for messages that name none."""

    access_key_id: str = Field(min_length=1, max_length=200)
    access_key_secret: SecretStr
    signature: str = Field("", max_length=100)
    template_id: str = Field("", max_length=100)
    base_url: str = "https://dysmsapi.aliyuncs.com"
    per_second: PerSecond = 100.0
    connections: Connections = 16
    answer_seconds: AnswerSeconds = 20.0


class AliyunSms(HttpChannel):
    """Sends by template; a template with the one variable ``content`` sends any text."""

    content = Sms

    def __init__(self, settings: AliyunSmsSettings, private: bool) -> None:
        super().__init__(
            settings.base_url,
            settings,
            private=private,
            limits=Limits.of_single(settings.per_second, settings.connections),
        )
        self._settings = settings

    async def deliver(self, message: Outgoing) -> Result:
        """One call of SendSms."""
        sms, settings = cast(Sms, message.content), self._settings
        number = e164(message.address)
        if number is None:
            return Rejected("no phone number", address_is_dead=True)
        signature, template = sms.signature or settings.signature, sms.template_id or settings.template_id
        if not signature or not template:
            raise ValueError("Aliyun needs a signature and a template")
        form = {"PhoneNumbers": aliyun_number(number), "SignName": signature, "TemplateCode": template}
        parameters = dict(sms.parameters) or ({"content": sms.text} if sms.text else {})
        if parameters:
            form["TemplateParam"] = json.dumps(parameters, ensure_ascii=False)
        # Comes back in the receipt.
        form["OutId"] = message.message_id
        return _result(await self._call("SendSms", form))

    async def _call(self, action: str, form: dict[str, str]) -> Answer:
        body = urlencode(form).encode()
        parts = urlsplit(self.base_url)
        headers = {
            "host": parts.netloc,
            "content-type": "application/x-www-form-urlencoded",
            "x-acs-action": action,
            "x-acs-version": _VERSION,
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": random.token_hex(16),
            "x-acs-content-sha256": sha256_of(body),
        }
        secret = self._settings.access_key_secret.get_secret_value()
        headers["authorization"] = acs3_authorization(
            self._settings.access_key_id, secret, "POST", "/", {}, headers
        )
        return await self.call("POST", f"{self.base_url}/", body, headers)


def _result(answer: Answer) -> Result:
    found = answer.json
    code = str(found.get("Code", ""))
    if code == "OK":
        return Sent(str(found.get("BizId", "")))
    reason = f"{code} {found.get('Message', '')}"
    if code in _DEAD:
        return Rejected(reason, address_is_dead=True)
    if code in _WAITS:
        return Retry(reason, _WAITS[code])
    if code in _ACCOUNT:
        return Retry(reason, ACCOUNT_SECONDS)
    if code in _UNKNOWN:
        return Uncertain(reason)
    if code.startswith(("isv.", "isp.", "Missing", "Invalid")):
        return Rejected(reason)
    return result_of_status(answer, reason)


KIND = Kind("sms_aliyun", Sms, "phone", AliyunSmsSettings, AliyunSms)
