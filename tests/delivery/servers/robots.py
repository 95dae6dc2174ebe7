"""Robots of WeCom, DingTalk and Feishu, and a receiver of webhooks, as their documents have them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass

from tests.delivery.servers.listening import Reply, Request
from tests.delivery.servers.provider import Provider


@dataclass
class Robot(Provider):
    """The fate is that of what the message says, as a robot has one address only."""

    secret: str = "SEC-robot-4411"
    key: str = "key-of-robot-99"
    limited: int = 0

    def said(self, request: Request, text: str) -> Reply:
        for word in (*self.silent, *self.dropped):
            if word in text:
                return self.fate(word) or Reply()
        if any(word in text for word in self.throttled):
            return self.reply(self.limited, f"too fast {self.key} {self.hint()}")
        self.taken.append(("", request.json))
        return self.reply(0, "ok")

    def reply(self, code: int, said: str) -> Reply:
        return Reply(200, {"errcode": code, "errmsg": said})

    def hint(self) -> str:
        """What a careless provider says more."""
        return self.secret


@dataclass
class Wecom(Robot):
    """https://developer.work.weixin.qq.com/document/path/91770"""

    limited: int = 45009

    def hint(self) -> str:
        return ""

    def checked(self, request: Request) -> Reply:
        assert request.path == "/cgi-bin/webhook/send"
        if request.query.get("key") != self.key:
            return self.reply(93000, "invalid webhook url")
        assert request.json["msgtype"] == "markdown"
        text = request.json["markdown"]["content"]
        if len(text.encode()) > 4_096:
            return self.reply(40058, "markdown.content exceed max length 4096")
        return self.said(request, text)

    def broken(self, request: Request) -> Reply:
        return self.reply(40058, "invalid Request Parameter")


@dataclass
class Dingtalk(Robot):
    """https://open.dingtalk.com/document/robots/custom-robot-access"""

    limited: int = 130101

    def checked(self, request: Request) -> Reply:
        assert request.path == "/robot/send"
        if request.query.get("access_token") != self.key:
            return self.reply(300001, "token is not exist")
        stamp = request.query["timestamp"]
        assert abs(time.time() * 1_000 - int(stamp)) < 3_600_000
        said = hmac.digest(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256)
        if request.query["sign"] != base64.b64encode(said).decode():
            return self.reply(310000, "sign not match")
        body = request.json
        assert body["msgtype"] == "markdown"
        assert body["markdown"]["title"]
        for who in (*body["at"].get("atMobiles", []), *body["at"].get("atUserIds", [])):
            assert f"@{who}" in body["markdown"]["text"]
        return self.said(request, body["markdown"]["text"])

    def broken(self, request: Request) -> Reply:
        return self.reply(40035, "缺少参数 json")


@dataclass
class Feishu(Robot):
    """https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot"""

    limited: int = 11232

    def checked(self, request: Request) -> Reply:
        if request.path != f"/open-apis/bot/v2/hook/{self.key}":
            return self.reply(19001, "param invalid: incoming webhook access token invalid")
        body = request.json
        assert len(request.body) <= 20_480
        assert abs(time.time() - int(body["timestamp"])) < 3_600
        said = hmac.digest(f"{body['timestamp']}\n{self.secret}".encode(), b"", hashlib.sha256)
        if body["sign"] != base64.b64encode(said).decode():
            return self.reply(19021, "sign match fail or timestamp is not within one hour from current time")
        assert body["msg_type"] == "interactive"
        (element,) = body["card"]["elements"]
        assert element["tag"] == "markdown"
        return self.said(request, element["content"])

    def reply(self, code: int, said: str) -> Reply:
        return Reply(200, {"code": code, "msg": said, "data": {}})

    def broken(self, request: Request) -> Reply:
        return self.reply(9499, "Bad Request")


@dataclass
class Hook(Robot):
    """https://www.standardwebhooks.com: the fate is that of what the payload says."""

    signing: str = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()

    def checked(self, request: Request) -> Reply:
        key = base64.b64decode(self.signing.removeprefix("whsec_"))
        headers = request.headers
        stamp = headers["webhook-timestamp"]
        assert abs(time.time() - int(stamp)) < 300
        said = f"{headers['webhook-id']}.{stamp}.".encode() + request.body
        mac = base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()
        if headers["webhook-signature"] != f"v1,{mac}":
            return Reply(401, {})
        who = request.json["who"]
        if fate := self.fate(who):
            return fate
        if who in self.dead:
            return Reply(410, {})
        if who in self.throttled:
            return Reply(429, {"said": self.signing}, {"Retry-After": "45"})
        self.taken.append((headers["webhook-id"], request.json))
        return Reply(204, None)
