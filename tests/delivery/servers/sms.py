"""Aliyun, Tencent Cloud and Twilio as their documents have them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from tests.delivery.servers.listening import Reply, Request
from tests.delivery.servers.provider import Provider


def digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)


@dataclass
class Aliyun(Provider):
    """https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms"""

    key_id: str = "LTAI-test"
    secret: str = "aliyun-secret-5512"
    nonces: set[str] = field(default_factory=set)

    def checked(self, request: Request) -> Reply:
        headers = request.headers
        found = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})",
            headers["authorization"],
        )
        assert found is not None
        assert found[1] == self.key_id
        names = found[2].split(";")
        assert names == sorted(names)
        assert {"host", "x-acs-action", "x-acs-version", "x-acs-date"} <= set(names)
        assert {"x-acs-content-sha256", "x-acs-signature-nonce"} <= set(names)
        body_hash = hashlib.sha256(request.body).hexdigest()
        assert headers["x-acs-content-sha256"] == body_hash
        assert headers["x-acs-signature-nonce"] not in self.nonces, "SignatureNonceUsed"
        self.nonces.add(headers["x-acs-signature-nonce"])
        when = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert abs((datetime.now(UTC) - when).total_seconds()) < 900
        query = "&".join(
            f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(request.query.items())
        )
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
        canonical = f"{request.method}\n{request.path}\n{query}\n{lines}\n{found[2]}\n{body_hash}"
        said = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        if digest(self.secret.encode(), said).hex() != found[3]:
            return Reply(400, {"Code": "SignatureDoesNotMatch", "Message": f"secret {self.secret}"})
        assert (headers["x-acs-action"], headers["x-acs-version"]) == ("SendSms", "2017-05-25")
        return self.send({**request.query, **request.form})

    def send(self, given: dict[str, str]) -> Reply:
        number = given["PhoneNumbers"]
        assert re.fullmatch(r"\d{6,15}", number), "one number, without a plus"
        assert given["TemplateCode"].startswith("SMS_")
        assert given["SignName"]
        values = json.loads(given.get("TemplateParam", "{}"))
        assert all(isinstance(value, str) for value in values.values()), "isv.INVALID_JSON_PARAM"
        if fate := self.fate(number):
            return fate
        if number in self.dead:
            return Reply(200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": f"{number}号码格式错误"})
        if number in self.throttled:
            said = f"触发分钟级流控Permits:1 {self.secret}"
            return Reply(200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": said})
        self.taken.append((number, given))
        return Reply(
            200, {"Code": "OK", "Message": "OK", "BizId": f"biz^{len(self.taken)}", "RequestId": "r"}
        )

    def broken(self, request: Request) -> Reply:
        return Reply(400, {"Code": "InvalidParameter", "Message": "x"})


@dataclass
class Tencent(Provider):
    """https://cloud.tencent.com/document/api/382/55981"""

    secret_id: str = "AKID-test"
    secret: str = "tencent-secret-771"
    app_id: str = "1400006666"

    def checked(self, request: Request) -> Reply:
        headers = request.headers
        stamp = headers["x-tc-timestamp"]
        assert abs(time.time() - int(stamp)) < 300
        date = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")
        scope = f"{date}/sms/tc3_request"
        found = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/(.+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})",
            headers["authorization"],
        )
        assert found is not None
        assert (found[1], found[2]) == (self.secret_id, scope)
        names = found[3].split(";")
        assert {"content-type", "host"} <= set(names)
        lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
        body_hash = hashlib.sha256(request.body).hexdigest()
        canonical = f"POST\n/\n\n{lines}\n{found[3]}\n{body_hash}"
        said = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = digest(digest(digest(b"TC3" + self.secret.encode(), date), "sms"), "tc3_request")
        if digest(key, said).hex() != found[4]:
            return self.error("AuthFailure.SignatureFailure", self.secret)
        assert (headers["x-tc-action"], headers["x-tc-version"]) == ("SendSms", "2021-01-11")
        assert headers["x-tc-region"]
        return self.send(request.json)

    def send(self, asked: dict[str, object]) -> Reply:
        numbers = asked["PhoneNumberSet"]
        assert isinstance(numbers, list)
        assert asked["SmsSdkAppId"] == self.app_id
        assert asked["TemplateId"]
        assert len({number.startswith("+86") for number in numbers}) == 1
        self.largest = max(self.largest, len(numbers))
        if len(numbers) > 200:
            return self.error("LimitExceeded.PhoneNumberCountLimit", "200")
        for number in numbers:
            if fate := self.fate(number):
                return fate
        return Reply(200, {"Response": {"SendStatusSet": [self.status(each, asked) for each in numbers]}})

    def status(self, number: str, asked: object) -> dict[str, object]:
        code, serial = "Ok", f"5000:{len(self.taken)}"
        if number in self.dead:
            code = "InvalidParameterValue.IncorrectPhoneNumber"
        elif number in self.throttled:
            code = "LimitExceeded.PhoneNumberThirtySecondLimit"
        else:
            self.taken.append((number, asked))
        message = "send success" if code == "Ok" else f"{number} {self.secret}"
        return {"SerialNo": serial, "PhoneNumber": number, "Fee": 1, "Code": code, "Message": message}

    def error(self, code: str, message: str) -> Reply:
        return Reply(200, {"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "r"}})

    def broken(self, request: Request) -> Reply:
        return self.error("InvalidParameter", "x")


@dataclass
class Twilio(Provider):
    """https://www.twilio.com/docs/messaging/api/message-resource"""

    sid: str = "AC" + "0123456789abcdef" * 2
    token: str = "twilio-token-331"

    def checked(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return self.error(401, 20003, f"Authenticate {request.headers.get('authorization')}")
        assert request.path == f"/2010-04-01/Accounts/{self.sid}/Messages.json"
        form = request.form
        number = form["To"]
        assert re.fullmatch(r"\+[1-9]\d{6,14}", number)
        assert ("From" in form) != ("MessagingServiceSid" in form)
        if fate := self.fate(number):
            return fate
        if len(form["Body"]) > 1_600:
            return self.error(400, 21617, "too long")
        if number in self.dead:
            return self.error(400, 21211, f"Invalid 'To' Phone Number: {number}")
        if number in self.throttled:
            return self.error(429, 20429, f"Too Many Requests {self.token} {basic}")
        self.taken.append((number, form))
        return Reply(201, {"sid": f"SM{len(self.taken):032d}", "status": "queued"})

    def error(self, status: int, code: int, message: str) -> Reply:
        return Reply(status, {"code": code, "message": message, "status": status})
