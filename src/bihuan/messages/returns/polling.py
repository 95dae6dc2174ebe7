"""Reading the mailboxes that bounces, complaints and answers come to."""

from __future__ import annotations

import imaplib
import logging
from collections.abc import Callable

from bihuan.database import Database
from bihuan.delivery import Receipt
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.channels.service import get_channel
from bihuan.messages.outbox.ports import SendingProject
from bihuan.messages.returns import service
from bihuan.messages.returns.errors import MailboxMissing, MailboxUnreadable
from bihuan.messages.returns.schemas import PolledOutput
from bihuan.messages.returns.taking import Way, take

MAILBOXES = "messages.mailboxes"
MAILBOX_SECONDS = 60
SOURCE = "mailbox"
# Of one mailbox at once; the rest is read the next time.
MOST_MAILS = 500
_log = logging.getLogger(__name__)


def poll_all(database: Database, project: SendingProject, now_ms: Callable[[], int]) -> int:
    """Read every mailbox of a project; returns how many mails. One that cannot be read is noted."""
    with database.read_session() as session:
        channels = service.mailboxes(session, project.row.id)
    read = 0
    for each in channels:
        try:
            read += poll(database, project, each, now_ms).mails
        except MailboxUnreadable as error:
            _log.warning("the mailbox of channel %s was not read: %s", each, error.message("en"))
    return read


def poll(
    database: Database, project: SendingProject, channel_id: str, now_ms: Callable[[], int]
) -> PolledOutput:
    """Read one mailbox.

    Raises:
        MessageChannelNotFound, MailboxMissing, MailboxUnreadable.
    """
    seal = Seal(database)
    with database.read_session() as session:
        channel = get_channel(session, project.row.id, channel_id)
        row = service.returns_of(session, channel)
        mailbox = service.mailbox_of(row, service.secrets_of(seal, row))
        session.expunge_all()
    if mailbox is None:
        raise MailboxMissing(path="mailbox")
    way = Way(database, project, channel, SOURCE, is_trusted=False)
    reports = 0

    def taken(receipts: list[Receipt]) -> None:
        nonlocal reports
        if receipts:
            reports += take(way, receipts, now_ms=now_ms()).known

    problem = None
    try:
        mails = mailbox.poll(taken, most=MOST_MAILS)
    except (OSError, imaplib.IMAP4.error) as error:
        problem = _said(error, mailbox.password)
    with database.session() as session:
        row = service.returns_of(session, channel)
        row.polled_ms, row.problem = now_ms(), problem
        session.add(row)
        service.heard(session, channel, reports, now_ms())
    if problem is not None:
        raise MailboxUnreadable(reason=problem)
    return PolledOutput(mails=mails, reports=reports)


def _said(error: Exception, password: str) -> str:
    text = error.args[0] if len(error.args) == 1 else str(error)
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    said = " ".join(f"{type(error).__name__}: {said}".split())
    return (said.replace(password, "***") if password else said)[:400]
