"""What the bots of chats have in common: one URL with a key, and an answer with a code."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from bihuan.delivery.http import (
    ACCOUNT_SECONDS,
    Answer,
    Answering,
    HttpChannel,
    json_bytes,
    result_of_status,
)
from bihuan.delivery.port import Limits, Post, Rejected, Result, Retry, Sent, Uncertain


@dataclass(frozen=True)
class Codes:
    """What a service's codes mean: 0 is success, others are final unless said here.

    ``names``: of the code and of what it says, in the answer.
    """

    names: tuple[str, str] = ("errcode", "errmsg")
    waits: Mapping[int, float] = field(default_factory=dict)
    account: Set[int] = frozenset()
    unknown: Set[int] = frozenset()

    def result(self, answer: Answer) -> Result:
        """The result of an answer."""
        code, said = (answer.json.get(name) for name in self.names)
        if not isinstance(code, int):
            return result_of_status(answer)
        reason = f"{code} {said or ''}"
        if code == 0:
            return Sent()
        if code in self.waits:
            return Retry(reason, self.waits[code])
        if code in self.account:
            return Retry(reason, ACCOUNT_SECONDS)
        return Uncertain(reason) if code in self.unknown else Rejected(reason)


class RobotSettings(Answering, Protocol):
    """What the settings of every robot have."""

    @property
    def base_url(self) -> str: ...

    @property
    def per_second(self) -> float: ...


class Robot(HttpChannel):
    """A robot in a group: it takes JSON, and answers with a code."""

    content = Post

    def __init__(self, settings: RobotSettings, private: bool, codes: Codes, *, connections: int = 1) -> None:
        limits = Limits.of_single(settings.per_second, connections)
        super().__init__(settings.base_url, settings, private=private, limits=limits)
        self._codes = codes

    async def say(self, url: str, message: Mapping[str, Any]) -> Result:
        """One message into the group."""
        answer = await self.call("POST", url, json_bytes(message), {"content-type": "application/json"})
        return self._codes.result(answer)


def titled(post: Post) -> str:
    """The text with its title as a heading."""
    return f"### {post.title}\n{post.markdown}" if post.title else post.markdown


def within(text: str, most_bytes: int) -> str:
    """The text; ``ValueError`` when the service does not take that much."""
    size = len(text.encode())
    if size > most_bytes:
        raise ValueError(f"{size} bytes of text, at most {most_bytes} are taken")
    return text
