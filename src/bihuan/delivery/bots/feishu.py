"""A group robot of Feishu (飞书自定义机器人): markdown in a card, signed, at most 100 a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any, cast
from urllib.parse import quote

from pydantic import SecretStr

from bihuan.delivery.bots.robot import Codes, Robot, within
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Kind, PerSecond
from bihuan.delivery.port import Outgoing, Post, Result

_CODES = Codes(
    names=("code", "msg"),
    waits={11232: 60.0, 99991400: 10.0},
    account=frozenset({19001, 19021, 19022, 19024}),
    unknown=frozenset({-1}),
)
_MOST_BYTES = 20_000
_EVERYBODY = {"@all": "all"}


class FeishuSettings(ChannelSettings):
    """The robot's token, which is the end of its webhook's URL, and its secret where it checks signatures."""

    token: SecretStr
    secret: SecretStr | None = None
    base_url: str = "https://open.feishu.cn"
    per_second: PerSecond = 100 / 60
    answer_seconds: AnswerSeconds = 10.0


class Feishu(Robot):
    """The address is the open_id of a member to mention, ``@all``, or empty."""

    def __init__(self, settings: FeishuSettings, private: bool) -> None:
        super().__init__(settings, private, _CODES, connections=2)
        self._secret = settings.secret
        self._url = f"{self.base_url}/open-apis/bot/v2/hook/{quote(settings.token.get_secret_value())}"

    async def deliver(self, message: Outgoing) -> Result:
        """One card into the group."""
        post = cast(Post, message.content)
        text = within(post.markdown, _MOST_BYTES)
        if message.address:
            text += f"\n<at id={_EVERYBODY.get(message.address, message.address)}></at>"
        card: dict[str, Any] = {"elements": [{"tag": "markdown", "content": text}]}
        if post.title:
            card["header"] = {"title": {"tag": "plain_text", "content": post.title}}
        body: dict[str, Any] = {"msg_type": "interactive", "card": card}
        if self._secret is not None:
            now = str(int(time.time()))
            # The documents have the text to sign as the key, and nothing as what is signed.
            key = f"{now}\n{self._secret.get_secret_value()}".encode()
            sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            body |= {"timestamp": now, "sign": sign}
        return await self.say(self._url, body)


KIND = Kind("feishu", Post, "mention", FeishuSettings, Feishu)
