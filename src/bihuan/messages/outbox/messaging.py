"""Everything that sends the messages of an installation, put together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

from bihuan.database import Database
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.consent.addresses import AddressHashes
from bihuan.messages.consent.allowing import Permissions
from bihuan.messages.consent.asking import ask
from bihuan.messages.consent.service import ConsentPending
from bihuan.messages.consent.suppressions import Returned, record_returns
from bihuan.messages.inbox.channel import InAppChannel
from bihuan.messages.outbox.outbox import Outbox, OutboxLimits, system_clock
from bihuan.messages.outbox.ports import SendingProject
from bihuan.messages.outbox.rendering import MessageRenderer
from bihuan.messages.outbox.worker import OutboxWorker
from bihuan.messages.outbox.writings import drop_old
from bihuan.messages.returns.callbacks import fetch
from bihuan.messages.templates.sending import TemplateRenderer
from bihuan.messages.tracking.conversions import tell_conversions
from bihuan.messages.tracking.tokens import Tokens

_log = logging.getLogger(__name__)


class Messaging:
    """The worker of this process, and what routes need of it.

    Args:
        project: opens a project.
        project_ids: every project.
        private: whether webhooks may go to private addresses.

    Attributes:
        tokens: reads what tracked links carry.
        permission: whom messages may go to.
        renderer: what messages say.
        fetch: gets what providers' callbacks refer to.
    """

    def __init__(
        self,
        database: Database,
        project: Callable[[str], SendingProject],
        project_ids: Callable[[], list[str]],
        *,
        private: bool,
        limits: OutboxLimits | None = None,
        now_ms: Callable[[], int] = system_clock,
    ) -> None:
        self.database = database
        self.project = project
        self.tokens = Tokens(database)
        self._hashes = AddressHashes.of(database)
        self.permission = Permissions(self._hashes, now_ms)
        self.renderer = MessageRenderer(database, TemplateRenderer(database), self.tokens)
        self.fetch: Callable[[str], bytes] = fetch
        self._private = private
        self.limits = limits
        self._now_ms = now_ms
        database.signals.connect(ConsentPending, self._ask)
        self._worker = OutboxWorker(database, self.outbox, project_ids, self._look_after)

    def channels(self) -> OpenChannels:
        """Open channels for one event loop."""
        return OpenChannels(self.database, partial(InAppChannel, self.database), private=self._private)

    def outbox(self) -> Outbox:
        """Another worker on the outbox, for one event loop."""
        return Outbox(
            self.database,
            self.project,
            self.channels(),
            permission=self.permission,
            renderer=self.renderer,
            limits=self.limits,
            now_ms=self._now_ms,
            dead=self._note_dead,
        )

    def start(self) -> None:
        """Send what is due from now on, in a thread."""
        self._worker.start()

    def stop(self) -> None:
        """End after what is being sent."""
        self._worker.stop()

    def _ask(self, pending: ConsentPending) -> None:
        try:
            ask(self.database, pending.project_id, now_ms=self._now_ms())
        except Exception:
            # The next round of upkeep asks.
            _log.warning("somebody of %s is asked to confirm later", pending.project_id, exc_info=True)

    def _look_after(self, project_id: str) -> None:
        tell_conversions(self.database, self.project(project_id), now_ms=self._now_ms())
        drop_old(self.database, project_id, self._now_ms())

    def _note_dead(self, project_id: str, medium: str, person: int, address: str, reason: str) -> None:
        at_ms = time.time_ns() // 1_000_000
        said = Returned(medium, address, "hard", at_ms, person_id=person, detail=reason[:500])
        with self.database.session() as session:
            record_returns(session, self._hashes, project_id, [said], now_ms=at_ms)
