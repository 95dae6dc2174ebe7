"""A group robot of DingTalk (钉钉自定义机器人): markdown, signed, at most 20 messages a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any, cast
from urllib.parse import urlencode

from pydantic import SecretStr

from bihuan.delivery.bots.robot import Codes, Robot, titled, within
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Kind, PerSecond
from bihuan.delivery.port import Outgoing, Post, Result

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
    per_second: PerSecond = 20 / 60
    answer_seconds: AnswerSeconds = 10.0


class Dingtalk(Robot):
    """The address is the phone number or userid of a member to mention, ``@all``, or empty."""

    def __init__(self, settings: DingtalkSettings, private: bool) -> None:
        super().__init__(settings, private, _CODES)
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
        return await self.say(self._url(), {"msgtype": "markdown", "markdown": markdown, "at": at})

    def _url(self) -> str:
        query = {"access_token": self._settings.access_token.get_secret_value()}
        if self._settings.secret is not None:
            secret, now = self._settings.secret.get_secret_value(), str(time.time_ns() // 1_000_000)
            signature = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()
            query |= {"timestamp": now, "sign": base64.b64encode(signature).decode()}
        return f"{self.base_url}/robot/send?{urlencode(query)}"


KIND = Kind("dingtalk", Post, "mention", DingtalkSettings, Dingtalk)
