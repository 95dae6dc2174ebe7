"""Collection: a request with a write key in, stored rows and the SDK's answer out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bihuan.access import WriteKeyCache
from bihuan.collect.errors import WriteKeyMissing, WriteKeyUnknown
from bihuan.collect.intake import Intake
from bihuan.collect.protocols.base import CollectProtocol, Reply, Request


class Collector:
    """Serves every protocol for every project.

    Args:
        keys: from write key to project and source.
        opened: the intake of a project that is open, else None.
        intake_of: the intake of a project by its id, opened if need be; this may take seconds.
    """

    def __init__(
        self,
        keys: WriteKeyCache,
        opened: Callable[[str], Intake | None],
        intake_of: Callable[[str], Intake],
    ) -> None:
        self._keys = keys
        self._opened = opened
        self._intake_of = intake_of

    async def collect(self, protocol: CollectProtocol, request: Request) -> Reply:
        """Answer a request once everything acceptable in it is stored.

        Raises:
            PayloadInvalid, WriteKeyMissing, WriteKeyUnknown, Overloaded, EngineUnavailable.
        """
        immediate = protocol.immediate(request)
        if immediate is not None:
            return immediate
        parsed = protocol.parse(request)
        if not parsed.write_key:
            raise WriteKeyMissing
        target = self._keys.resolve(parsed.write_key)
        if target is None:
            raise WriteKeyUnknown
        intake = self._opened(target.project_id)
        if intake is None:
            intake = await asyncio.to_thread(self._intake_of, target.project_id)
        outcome = await intake.take(
            parsed, source=target.source, protocol=protocol.name, received_ms=request.received_ms
        )
        return protocol.accepted(request, outcome)
