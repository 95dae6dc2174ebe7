"""A group robot of WeCom (企业微信群机器人): markdown, at most 20 messages a minute."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from pydantic import SecretStr

from bihuan.delivery.bots.robot import Codes, Robot, titled, within
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Kind, PerSecond
from bihuan.delivery.port import Outgoing, Post, Result

_CODES = Codes(
    waits={45009: 60.0, 45033: 10.0}, account=frozenset({93000, 40014, 60020}), unknown=frozenset({-1})
)
_MOST_BYTES = 4_096


class WecomSettings(ChannelSettings):
    """The robot's key, which is the end of its webhook's URL."""

    key: SecretStr
    base_url: str = "https://qyapi.weixin.qq.com"
    per_second: PerSecond = 20 / 60
    answer_seconds: AnswerSeconds = 10.0


class Wecom(Robot):
    """The address is the userid of a member to mention, or empty."""

    def __init__(self, settings: WecomSettings, private: bool) -> None:
        super().__init__(settings, private, _CODES)
        self._url = f"{self.base_url}/cgi-bin/webhook/send?key={quote(settings.key.get_secret_value())}"

    async def deliver(self, message: Outgoing) -> Result:
        """One message into the group."""
        text = titled(cast(Post, message.content))
        if message.address:
            text += f"\n<@{message.address}>"
        markdown = {"content": within(text, _MOST_BYTES)}
        return await self.say(self._url, {"msgtype": "markdown", "markdown": markdown})


KIND = Kind("wecom", Post, "mention", WecomSettings, Wecom)
