"""The links of a message to the pages for people, and the headers by which mail programs unsubscribe."""

from __future__ import annotations

from dataclasses import replace

from bihuan.delivery import Content, Mail
from bihuan.messages.consent.purposes import PurposeValue
from bihuan.messages.consent.tokens import Link, Links, Use
from bihuan.messages.outbox.ports import Draft


def links_of(links: Links, project_id: str, draft: Draft, base: str) -> dict[str, str]:
    """The links of a message, by name; none without a public address. A message that asks has ``confirm``."""
    if not base:
        return {}
    message, person = draft.message, draft.recipient.person_id

    def to(use: Use) -> str:
        link = Link(use, project_id, person, message.purpose, draft.medium, str(message.id))
        return f"{base}/m/{use}/{links.token(link)}"

    found = {"unsubscribe": to("unsubscribe"), "preferences": to("preferences")}
    asked = message.context.get("confirm")
    if isinstance(asked, dict):
        # Made here, and not kept with the message: whoever may read that must not confirm for others.
        link = Link("confirm", project_id, person, asked["purpose"], asked["medium"], str(message.id))
        link = replace(link, proof_id=asked["proof_id"], expires_ms=asked["expires_ms"])
        found["confirm"] = f"{base}/m/confirm/{links.token(link)}"
    return found


def with_unsubscribe(content: Content, links: dict[str, str], purpose: PurposeValue | None) -> Content:
    """Advertising by mail with the headers of RFC 8058."""
    marketing = purpose is None or purpose.kind == "marketing"
    if not isinstance(content, Mail) or not marketing or "unsubscribe" not in links:
        return content
    headers = {
        **content.headers,
        "List-Unsubscribe": f"<{links['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return replace(content, headers=headers)
