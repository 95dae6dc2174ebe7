"""What a server's reply means (RFC 5321, and the codes of RFC 3463 in it)."""

from __future__ import annotations

import re

from bihuan.delivery.port import Rejected, Result, Retry, Sent

# RFC 5321 would have half an hour, with shorter waits at first.
LATER_SECONDS = 300.0
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
# Of the codes of addresses, these speak of the sender's.
_SENDERS = {"7", "8"}


def enhanced_code(text: str) -> str | None:
    """The first enhanced status code in a reply or report, ``5.1.1``."""
    found = _ENHANCED.search(text)
    return found.group(0) if found else None


def is_dead(enhanced: str | None) -> bool:
    """Whether a code says that there is no such mailbox: 5.1.x, or 5.2.1 (disabled)."""
    if enhanced is None:
        return False
    kind, subject, detail = enhanced.split(".")
    return kind == "5" and ((subject == "1" and detail not in _SENDERS) or (subject, detail) == ("2", "1"))


def result_of_reply(code: int, text: str, *, of_recipient: bool) -> Result:
    """2xx Sent, 4xx Retry, others Rejected; only a reply to RCPT or DATA says that the address is dead."""
    if 200 <= code < 300:
        return Sent()
    reason = f"{code} {text}"
    if 400 <= code < 500:
        return Retry(reason, LATER_SECONDS)
    return Rejected(reason, address_is_dead=of_recipient and is_dead(enhanced_code(text[:40])))
