"""Messages: templates, consent, channels, the outbox that sends, and what became of what was sent."""

from bihuan.messages.consent.addresses import AddressHashes
from bihuan.messages.consent.allowing import Allowed, Permissions, allowed, suppressed_addresses
from bihuan.messages.consent.upkeep import CONSENT, CONSENT_SECONDS, forget_erased, keep_up
from bihuan.messages.inbox.serving import InboxApplication
from bihuan.messages.outbox.enqueueing import OutboxRow, Sending, enqueue, enqueue_selected
from bihuan.messages.outbox.forgetting import forget_messages
from bihuan.messages.outbox.messaging import Messaging
from bihuan.messages.outbox.models import HIGH, LOW, NORMAL
from bihuan.messages.outbox.outbox import system_clock
from bihuan.messages.returns.polling import MAILBOX_SECONDS, MAILBOXES, poll_all
from bihuan.messages.routers import ROUTERS
from bihuan.messages.templates.sending import TemplateRenderer
from bihuan.messages.templates.service import seal as seal_template

__all__ = [
    "CONSENT",
    "CONSENT_SECONDS",
    "HIGH",
    "LOW",
    "MAILBOXES",
    "MAILBOX_SECONDS",
    "NORMAL",
    "ROUTERS",
    "AddressHashes",
    "Allowed",
    "InboxApplication",
    "Messaging",
    "OutboxRow",
    "Permissions",
    "Sending",
    "TemplateRenderer",
    "allowed",
    "enqueue",
    "enqueue_selected",
    "forget_erased",
    "forget_messages",
    "keep_up",
    "poll_all",
    "seal_template",
    "suppressed_addresses",
    "system_clock",
]
