"""The channel inside the app: messages are put where the SDK fetches them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bihuan.database import Database
from bihuan.delivery import Call, Content, Limits, Outgoing, Push, Rejected, Result, Sent
from bihuan.messages.inbox.models import InboxMessage

_TABLE: Table = InboxMessage.__table__  # type: ignore[assignment]


class InAppChannel:
    """Writes to the control database; the same message twice is one. The address is the person's number."""

    limits = Limits(per_second=0, batch=1_000, connections=1)

    def __init__(self, database: Database, project_id: str) -> None:
        self._database = database
        self._project_id = project_id

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """Store the messages."""
        now_ms = time.time_ns() // 1_000_000
        rows, results = [], []
        for each in batch:
            content = in_app_content(each.content)
            result: Result = Rejected("content_unfit") if content is None else Sent(each.message_id)
            results.append(result)
            if content is not None:
                rows.append(
                    {
                        "id": each.message_id,
                        "project_id": self._project_id,
                        "person_id": int(each.address),
                        "content": content,
                        "created_ms": now_ms,
                        "expires_ms": _expires_ms(content, now_ms),
                    }
                )
        if rows:
            await asyncio.to_thread(self._store, rows)
        return results

    async def close(self) -> None:
        """Nothing is open."""

    def _store(self, rows: list[dict[str, Any]]) -> None:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        with self._database.session() as session:
            session.connection().execute(insert(_TABLE).on_conflict_do_nothing(), rows)


def in_app_content(content: Content) -> dict[str, Any] | None:
    """What the SDK shows: ``form`` (banner, modal, card), ``title``, ``body``, ``link`` and ``data``."""
    if isinstance(content, Call):
        return dict(content.payload)
    if isinstance(content, Push):
        shown = {"title": content.title, "body": content.body, "link": content.link}
        return {"form": "card", **shown, "data": dict(content.data)}
    return None


def _expires_ms(content: dict[str, Any], now_ms: int) -> int | None:
    hours = content.get("expires_hours")
    return now_ms + round(hours * 3_600_000) if isinstance(hours, int | float) and hours > 0 else None
