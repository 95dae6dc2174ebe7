"""One POST to somebody else's server, within a time, for those who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from bihuan.delivery.errors import DeliveryFailed
from bihuan.delivery.http import Answer, Caller, NotSent, Unanswered
from bihuan.delivery.webhooks.addresses import Target

TOTAL_SECONDS = 15.0


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    total_seconds: float = TOTAL_SECONDS,
) -> int:
    """Send a body; returns the status, which is 2xx. Redirects are not followed.

    Raises:
        DeliveryFailed: no answer in time, or another status.
        AddressRefused.
    """
    try:
        answer = asyncio.run(_exchange(target, body, headers, private, total_seconds))
    except (NotSent, Unanswered, UnicodeError, httpx.InvalidURL) as error:
        if isinstance(error.__cause__, TimeoutError | httpx.TimeoutException):
            raise DeliveryFailed(
                f"no answer within {total_seconds:g} s", f"{total_seconds:g} 秒内没有响应"
            ) from error
        reason = str(error)[:300]
        raise DeliveryFailed(f"no answer ({reason})", f"没有响应（{reason}）") from error
    if not 200 <= answer.status < 300:
        raise DeliveryFailed(
            f"it answered {answer.status}",
            f"对方返回 {answer.status}",
            answer=answer.status,
            wait_seconds=answer.wait_seconds,
        )
    return answer.status


async def _exchange(
    target: Target, body: bytes, headers: Mapping[str, str], private: bool, total_seconds: float
) -> Answer:
    caller = Caller(private=private, connections=1, answer_seconds=total_seconds, total_seconds=total_seconds)
    try:
        return await caller("POST", target.url, body, headers)
    finally:
        await caller.close()
