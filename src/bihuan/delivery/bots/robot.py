"""What the bots of chats have in common: one URL with a key, and an answer with a code."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from bihuan.delivery.http import ACCOUNT_SECONDS, Answer, result_of_status
from bihuan.delivery.port import Post, Rejected, Result, Retry, Sent, Uncertain


@dataclass(frozen=True)
class Codes:
    """What a service's codes mean: 0 is success, others are final unless said here."""

    waits: Mapping[int, float] = field(default_factory=dict)
    account: Set[int] = frozenset()
    unknown: Set[int] = frozenset()

    def result(self, answer: Answer, code: object, said: object) -> Result:
        """The result of an answer, whose code was read from it."""
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


def titled(post: Post) -> str:
    """The text with its title as a heading."""
    return f"### {post.title}\n{post.markdown}" if post.title else post.markdown


def within(text: str, most_bytes: int) -> str:
    """The text; ``ValueError`` when the service does not take that much."""
    size = len(text.encode())
    if size > most_bytes:
        raise ValueError(f"{size} bytes of text, at most {most_bytes} are taken")
    return text
