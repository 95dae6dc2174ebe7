"""A group robot of WeCom (企业微信群机器人): markdown, at most 20 messages a minute."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from pydantic import Field, SecretStr

from bihuan.delivery.bots.robot import Codes, titled, within
from bihuan.delivery.http import HttpChannel, json_bytes
from bihuan.delivery.kinds import ChannelSettings, Kind
from bihuan.delivery.port import EACH_CONNECTION, Limits, Outgoing, Post, Result

_CODES = Codes(
    waits={45009: 60.0, 45033: 10.0}, account=frozenset({93000, 40014, 60020}), unknown=frozenset({-1})
)
_MOST_BYTES = 4_096


class WecomSettings(ChannelSettings):
    """The robot's key, which is the end of its webhook's URL."""

    key: SecretStr
    base_url: str = "https://qyapi.weixin.qq.com"
    per_second: float = Field(20 / 60, ge=0, description="Messages a second")
    answer_seconds: float = Field(10.0, gt=0, le=120)


class Wecom(HttpChannel):
    """The address is the userid of a member to mention, or empty."""

    content = Post

    def __init__(self, settings: WecomSettings, private: bool) -> None:
        super().__init__(
            settings.base_url,
            private=private,
            limits=Limits(settings.per_second, EACH_CONNECTION, 1),
            secrets=settings.secret_values(),
            answer_seconds=settings.answer_seconds,
        )
        self._url = f"{self.base_url}/cgi-bin/webhook/send?key={quote(settings.key.get_secret_value())}"

    async def deliver(self, message: Outgoing) -> Result:
        """One message into the group."""
        text = titled(cast(Post, message.content))
        if message.address:
            text += f"\n<@{message.address}>"
        body = json_bytes({"msgtype": "markdown", "markdown": {"content": within(text, _MOST_BYTES)}})
        answer = await self.call("POST", self._url, body, {"content-type": "application/json"})
        return _CODES.result(answer, answer.json.get("errcode"), answer.json.get("errmsg"))


KIND = Kind("wecom", Post, "mention", WecomSettings, Wecom)
