"""A group robot of DingTalk (钉钉自定义机器人): markdown, signed, at most 20 messages a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any, cast
from urllib.parse import urlencode

from pydantic import Field, SecretStr

from bihuan.delivery.bots.robot import Codes, titled, within
from bihuan.delivery.http import HttpChannel, json_bytes
from bihuan.delivery.kinds import ChannelSettings, Kind
from bihuan.delivery.port import EACH_CONNECTION, Limits, Outgoing, Post, Result

# Whoever is too fast is shut out for ten minutes.
_CODES = Codes(
    waits={130101: 600.0, 410100: 600.0, 660026: 600.0},
    account=frozenset({300001, 310000, 400013, 400101, 400102, 400106}),
    unknown=frozenset({-1}),
)
_MOST_BYTES = 20_000
_EVERYBODY = "@all"


class DingtalkSettings(ChannelSettings):
    """The robot's token, which is in its webhook's URL, and its secret where it checks signatures."""

    access_token: SecretStr
    secret: SecretStr | None = None
    base_url: str = "https://oapi.dingtalk.com"
    per_second: float = Field(20 / 60, ge=0, description="Messages a second")
    answer_seconds: float = Field(10.0, gt=0, le=120)


class Dingtalk(HttpChannel):
    """The address is the phone number or userid of a member to mention, ``@all``, or empty."""

    content = Post

    def __init__(self, settings: DingtalkSettings, private: bool) -> None:
        super().__init__(
            settings.base_url,
            private=private,
            limits=Limits(settings.per_second, EACH_CONNECTION, 1),
            secrets=settings.secret_values(),
            answer_seconds=settings.answer_seconds,
        )
        self._settings = settings

    async def deliver(self, message: Outgoing) -> Result:
        """One message into the group."""
        post = cast(Post, message.content)
        text, who = titled(post), message.address
        at: dict[str, Any] = {"isAtAll": who == _EVERYBODY}
        if who and who != _EVERYBODY:
            plain = who.removeprefix("+86").lstrip("+")
            at["atMobiles" if plain.isdigit() else "atUserIds"] = [plain]
            # Nobody is mentioned whom the text does not name.
            text += f"\n@{plain}"
        markdown = {"title": post.title or post.markdown[:20], "text": within(text, _MOST_BYTES)}
        body = json_bytes({"msgtype": "markdown", "markdown": markdown, "at": at})
        answer = await self.call("POST", self._url(), body, {"content-type": "application/json"})
        return _CODES.result(answer, answer.json.get("errcode"), answer.json.get("errmsg"))

    def _url(self) -> str:
        query = {"access_token": self._settings.access_token.get_secret_value()}
        if self._settings.secret is not None:
            secret, now = self._settings.secret.get_secret_value(), str(time.time_ns() // 1_000_000)
            signature = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()
            query |= {"timestamp": now, "sign": base64.b64encode(signature).decode()}
        return f"{self.base_url}/robot/send?{urlencode(query)}"


KIND = Kind("dingtalk", Post, "mention", DingtalkSettings, Dingtalk)
