"""FCM, APNs, JPush and Getui as their documents have them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.delivery.servers.listening import Reply, Request
from tests.delivery.servers.provider import Provider


def pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass
class Fcm(Provider):
    """https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send"""

    url: str = ""
    project: str = "shop-1"
    email: str = "push@shop-1.iam.example"
    token: str = "ya29.token-of-fcm"
    tokens_given: int = 0

    def account(self) -> str:
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.project,
                "client_email": self.email,
                "private_key_id": "k1",
                "private_key": pem(RSA_KEY),
                "token_uri": f"{self.url}/token",
            }
        )

    def checked(self, request: Request) -> Reply:
        if request.path == "/token":
            return self.give_token(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self.error(401, "UNAUTHENTICATED", [])
        assert request.path == f"/v1/projects/{self.project}/messages:send"
        message = request.json["message"]
        assert set(request.json) <= {"message", "validate_only"}
        assert set(message) <= {"token", "notification", "data", "android", "webpush", "apns", "fcm_options"}
        assert all(isinstance(value, str) for value in message.get("data", {}).values())
        assert len(request.body) <= 4_096
        device = message["token"]
        if fate := self.fate(device):
            return fate
        kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
        if device in self.dead:
            return self.error(404, "NOT_FOUND", [{"@type": kind, "errorCode": "UNREGISTERED"}])
        if device in self.throttled:
            details = [{"@type": kind, "errorCode": "QUOTA_EXCEEDED"}]
            return self.error(429, "RESOURCE_EXHAUSTED", details, {"Retry-After": "90"})
        self.taken.append((device, message))
        return Reply(200, {"name": f"projects/{self.project}/messages/{len(self.taken)}"})

    def give_token(self, request: Request) -> Reply:
        form = request.form
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        read = jwt.decode(form["assertion"], RSAKey.import_key(pem(RSA_KEY)), algorithms=["RS256"])
        claims = read.claims
        assert (claims["iss"], claims["aud"]) == (self.email, f"{self.url}/token")
        assert claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
        assert 0 < claims["exp"] - claims["iat"] <= 3_600
        self.tokens_given += 1
        return Reply(200, {"access_token": self.token, "expires_in": 3_599, "token_type": "Bearer"})

    def error(
        self, status: int, name: str, details: list[dict[str, str]], headers: dict[str, str] | None = None
    ) -> Reply:
        said = {"code": status, "message": f"said of {self.token}", "status": name, "details": details}
        return Reply(status, {"error": said}, headers or {})

    def broken(self, request: Request) -> Reply:
        return self.error(400, "INVALID_ARGUMENT", [])


@dataclass
class Apns(Provider):
    """https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns"""

    team: str = "TEAM123456"
    key_id: str = "KEY1234567"
    topic: str = "com.example.shop"

    def checked(self, request: Request) -> Reply:
        scheme, _, token = request.headers["authorization"].partition(" ")
        assert scheme == "bearer"
        read = jwt.decode(token, ECKey.import_key(pem(EC_KEY)), algorithms=["ES256"])
        assert (read.header["alg"], read.header["kid"]) == ("ES256", self.key_id)
        assert read.claims["iss"] == self.team
        if time.time() - read.claims["iat"] > 3_600:
            return Reply(403, {"reason": "ExpiredProviderToken"})
        if request.headers["apns-topic"] != self.topic:
            return Reply(400, {"reason": "BadTopic"})
        assert request.headers["apns-push-type"] == "alert"
        named = str(uuid.UUID(request.headers["apns-id"]))
        found = re.fullmatch(r"/3/device/([0-9a-zA-Z]+)", request.path)
        assert found is not None
        if len(request.body) > 4_096:
            return Reply(413, {"reason": "PayloadTooLarge"})
        assert request.json["aps"]["alert"]["body"]
        device = found[1]
        if fate := self.fate(device):
            return fate
        if device in self.dead:
            return Reply(410, {"reason": "Unregistered", "timestamp": 1_700_000_000_000})
        if device in self.throttled:
            return Reply(429, {"reason": "TooManyRequests"})
        self.taken.append((device, request.json))
        return Reply(200, None, {"apns-id": named})

    def broken(self, request: Request) -> Reply:
        return Reply(403, {"reason": "InvalidProviderToken"})


@dataclass
class JPush(Provider):
    """https://docs.jiguang.cn/jpush/server/push/rest_api_v3_push"""

    key: str = "jpush-app-key"
    secret: str = "jpush-secret-90"
    cids: set[str] = field(default_factory=set)
    answers: dict[str, Reply] = field(default_factory=dict)
    forgetful: bool = False

    def checked(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return self.error(401, 1004, "Authen failed")
        if (request.method, request.path) == ("GET", "/v3/push/cid"):
            count = int(request.query["count"])
            assert 1 <= count <= 1_000
            made = [f"{self.key}-{uuid.uuid4()}" for _ in range(count)]
            self.cids |= set(made)
            return Reply(200, {"cidlist": made})
        assert (request.method, request.path) == ("POST", "/v3/push")
        body = request.json
        assert set(body) <= {"platform", "audience", "notification", "message", "options", "cid"}
        assert set(body["notification"]["android"]) <= {"alert", "title", "extras", "builder_id"}
        assert body["platform"]
        cid = body["cid"]
        assert cid in self.cids
        if cid in self.answers:
            return self.answers[cid]
        (device,) = body["audience"]["registration_id"]
        if device in self.dropped and self.forgetful:
            # It was taken, and the answer lost.
            self.answers[cid] = self.send(device, body)
        if fate := self.fate(device):
            return fate
        return self.send(device, body)

    def send(self, device: str, body: Any) -> Reply:
        if device in self.dead:
            return self.error(400, 1011, "cannot find user by this audience")
        if device in self.throttled:
            return self.error(429, 2002, f"rate limit {self.secret}", {"X-Rate-Limit-Reset": "37"})
        self.taken.append((device, body))
        return Reply(200, {"sendno": "0", "msg_id": f"{1_000 + len(self.taken)}"})

    def error(self, status: int, code: int, said: str, headers: dict[str, str] | None = None) -> Reply:
        return Reply(status, {"error": {"code": code, "message": said}}, headers or {})

    def broken(self, request: Request) -> Reply:
        return self.error(400, 1002, "missing")


@dataclass
class Getui(Provider):
    """https://docs.getui.com/getui/server/rest_v2/push/"""

    app: str = "getui-app"
    key: str = "getui-key"
    secret: str = "getui-secret-17"
    token: str = "token-1"
    logins: int = 0
    seen: set[str] = field(default_factory=set)

    def checked(self, request: Request) -> Reply:
        if request.path == f"/v2/{self.app}/auth":
            return self.login(request.json)
        assert request.path == f"/v2/{self.app}/push/single/cid"
        if request.headers.get("token") != self.token:
            return Reply(401, {"code": 10001, "msg": "token is invalid"})
        body = request.json
        assert 10 <= len(body["request_id"]) <= 32
        notice = body["push_message"]["notification"]
        assert notice["title"]
        assert notice["click_type"] in {"url", "payload", "startapp", "none"}
        assert (notice["click_type"] == "url") == ("url" in notice)
        (device,) = body["audience"]["cid"]
        if fate := self.fate(device):
            return fate
        if device in self.dead:
            return Reply(400, {"code": 20001, "msg": "target user is invalid"})
        if device in self.throttled:
            return Reply(401, {"code": 10005, "msg": f"too many calls {self.secret}"})
        if body["request_id"] not in self.seen:
            self.seen.add(body["request_id"])
            self.taken.append((device, body))
        return Reply(200, {"code": 0, "msg": "", "data": {f"RASS_{device}": {device: "successed_offline"}}})

    def login(self, asked: dict[str, str]) -> Reply:
        said = f"{asked['appkey']}{asked['timestamp']}{self.secret}"
        assert abs(time.time() * 1_000 - int(asked["timestamp"])) < 600_000
        if asked["sign"] != hashlib.sha256(said.encode()).hexdigest():
            return Reply(400, {"code": 20001, "msg": "sign is invalid"})
        self.logins += 1
        until = str(int((time.time() + 86_400) * 1_000))
        return Reply(200, {"code": 0, "msg": "", "data": {"expire_time": until, "token": self.token}})

    def broken(self, request: Request) -> Reply:
        return Reply(400, {"code": 20001, "msg": "param is invalid"})
