"""``/m/r/{channel_id}/{key}/{provider}``: where providers report what became of messages."""

from __future__ import annotations

import hmac
import time
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from bihuan.access import Public
from bihuan.database import Database
from bihuan.insights import Identifier
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.consent.purposes import policy_of
from bihuan.messages.returns import service
from bihuan.messages.returns.callbacks import Callback, receipts_of
from bihuan.messages.returns.errors import CallbackTooLarge, CallbackUnknown
from bihuan.messages.returns.schemas import Provider
from bihuan.messages.returns.taking import Way, take

router = APIRouter(prefix="/m/r", tags=["messages"])
Key = Annotated[str, Path(min_length=40, max_length=40, pattern=r"^[0-9a-f]+$")]
MOST_BYTES = 4 << 20
# What Aliyun and Tencent want to hear; the others look at the status alone.
DONE: dict[str, int | str] = {"code": 0, "msg": "OK", "result": 0, "errmsg": "OK"}


@router.post("/{channel_id}/{key}/{provider}")
async def callback(
    visitor: Public, request: Request, channel_id: Identifier, key: Key, provider: Provider
) -> dict[str, int | str]:
    """Take what a provider reports; any other answer than 200 makes it report again."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise CallbackTooLarge(most=MOST_BYTES)
    await run_in_threadpool(_taken, request, channel_id, key, provider, bytes(body))
    return DONE


def _taken(request: Request, channel_id: str, key: str, provider: Provider, body: bytes) -> None:
    database: Database = request.app.state.database
    installation = request.app.state.installation
    with database.read_session() as session:
        channel = session.get(MessageChannel, channel_id)
        if channel is None:
            raise CallbackUnknown
        row = service.returns_of(session, channel)
        if not hmac.compare_digest(key, service.callback_key(database, channel_id, row.turn)):
            raise CallbackUnknown
        if provider not in service.providers_of(channel):
            raise CallbackUnknown
        base = policy_of(session, channel.project_id).public_url
        settings, secrets = dict(row.settings), service.secrets_of(Seal(database), row)
        session.expunge_all()
    asked = str(request.url)
    url = f"{base}{request.url.path}" if base else asked
    given = Callback(provider, body, request.headers, url, settings, secrets, installation.messaging.fetch)
    receipts = receipts_of(database, channel, given)
    if receipts:
        now_ms = time.time_ns() // 1_000_000
        way = Way(database, installation.project(channel.project_id), channel, provider)
        taken = take(way, receipts, now_ms=now_ms)
        with database.session() as session:
            service.heard(session, channel, taken.known, now_ms)
