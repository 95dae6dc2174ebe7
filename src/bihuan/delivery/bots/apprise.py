"""Chats and services that the library apprise knows; it says only yes or no, so a no is uncertain."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr

from bihuan.delivery.errors import ChannelSettingsInvalid
from bihuan.delivery.kinds import AnswerSeconds, ChannelSettings, Kind, PerSecond
from bihuan.delivery.port import Limits, Outgoing, Post, Rejected, Result, Sent, Uncertain

# Write to this machine, or read files of it that a URL names.
_REFUSED = frozenset(
    {"syslog", "dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "blink1", "fcm", "vapid"}
)


class AppriseSettings(ChannelSettings):
    """A URL as apprise has them, whose keys are in it: ``slack://…``, ``tgram://…``, ``discord://…``."""

    url: SecretStr
    per_second: PerSecond = 1.0
    answer_seconds: AnswerSeconds = 30.0


class Apprise:
    """Posts through one service of apprise."""

    def __init__(self, settings: AppriseSettings, private: bool) -> None:
        # Loaded where it is used: it brings more than a hundred modules.
        import apprise  # noqa: PLC0415

        # They write whole URLs, and so keys, into the log.
        for name in ("apprise", "urllib3.connectionpool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        url = settings.url.get_secret_value()
        plugin: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if plugin is None:
            raise _invalid("apprise does not know it", "apprise 不认识该地址")
        if _names(plugin) & _REFUSED:
            raise _invalid("this service of apprise is not allowed", "不允许使用 apprise 的该服务")
        if not private and any("{host}" in each for each in plugin.templates):
            reason = "it names a host of its own, which only BIHUAN_PRIVATE_WEBHOOKS allows"
            raise _invalid(reason, "自带主机名的地址须设置 BIHUAN_PRIVATE_WEBHOOKS 后方可使用")
        self._apprise = apprise.Apprise()
        self._apprise.add(plugin)
        self._format = apprise.NotifyFormat.MARKDOWN
        self._answer_seconds = settings.answer_seconds
        self._turn = asyncio.Semaphore(1)
        self.limits = Limits.of_single(settings.per_second, 1)

    def __repr__(self) -> str:
        return f"Apprise({self.limits})"

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """One after the other."""
        return [await self._one(each) for each in batch]

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _one(self, message: Outgoing) -> Result:
        post = message.content
        if not isinstance(post, Post):
            return Rejected(f"this channel sends Post, not {type(post).__name__}")
        if not post.markdown and not post.title:
            return Rejected("there is no text")
        try:
            async with self._turn, asyncio.timeout(self._answer_seconds):
                taken = await self._apprise.async_notify(
                    body=post.markdown, title=post.title, body_format=self._format
                )
        except Exception as error:
            # Its words may have keys in them.
            return Uncertain(type(error).__name__)
        return Sent() if taken else Uncertain("apprise does not say that it was taken")


def _names(plugin: Any) -> set[str]:
    found: set[str] = set()
    for given in (plugin.protocol, plugin.secure_protocol):
        found |= {given} if isinstance(given, str) else set(given or ())
    return found


def _invalid(reason_en: str, reason_zh: str) -> ChannelSettingsInvalid:
    return ChannelSettingsInvalid(field="url", reason_en=reason_en, reason_zh=reason_zh, path="url")


KIND = Kind("apprise", Post, "none", AppriseSettings, Apprise)
