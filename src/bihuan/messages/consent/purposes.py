"""What messages are for, and when somebody may be written to for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.kernel.errors import Language
from bihuan.messages.consent.models import ConsentSettings, Purpose
from bihuan.messages.errors import PurposeFixed, PurposeNotFound
from bihuan.messages.media import EVERY

Kind = Literal["transactional", "marketing"]
Rule = Literal["always", "unless_withdrawn", "with_consent", "with_confirmed_consent"]
"""When: always; unless withdrawn; once given; once given and confirmed by a link (double opt-in)."""
RULES: tuple[Rule, ...] = ("always", "unless_withdrawn", "with_consent", "with_confirmed_consent")


@dataclass(frozen=True)
class PurposeValue:
    """A purpose. ``rules``: medium to rule; ``*`` is for the media that are not named."""

    key: str
    kind: Kind
    name_en: str
    name_zh: str
    description_en: str = ""
    description_zh: str = ""
    rules: dict[str, Rule] = field(default_factory=dict)
    shown: bool = True
    position: int = 0

    def rule(self, medium: str) -> Rule:
        """When somebody may be written to on a medium."""
        found = self.rules.get(medium, self.rules.get(EVERY))
        return found or ("always" if self.kind == "transactional" else "with_consent")

    def name(self, language: Language) -> str:
        """What people read."""
        return self.name_en if language == "en" else self.name_zh

    def description(self, language: Language) -> str:
        """What people read below it."""
        return self.description_en if language == "en" else self.description_zh


DEFAULTS: dict[str, PurposeValue] = {
    "transactional": PurposeValue(
        "transactional",
        "transactional",
        "Your orders and account",
        "订单与账户",
        "What you asked for: confirmations, deliveries, security.",
        "您办理的业务：确认、发货、安全提醒等。",
        {EVERY: "always"},
    ),
    "marketing": PurposeValue(
        "marketing",
        "marketing",
        "News and offers",
        "资讯与优惠",
        "New products, campaigns and offers.",
        "新品、活动与优惠信息。",
        # Consent is for what reaches people where they are; a banner in the app, and a bot of staff, are not.
        {EVERY: "with_consent", "in_app": "unless_withdrawn", "bot": "always", "webhook": "unless_withdrawn"},
        position=1,
    ),
}


def purposes_of(session: Session, project_id: str) -> dict[str, PurposeValue]:
    """The purposes of a project by key, in order: the two that every one has, as changed, and its own."""
    found = dict(DEFAULTS)
    for row in session.scalars(select(Purpose).where(Purpose.project_id == project_id)):
        names = PurposeValue.__dataclass_fields__
        found[row.key] = PurposeValue(**{name: getattr(row, name) for name in names})
    return dict(sorted(found.items(), key=lambda each: (each[1].position, each[0])))


def get_purpose(session: Session, project_id: str, key: str) -> PurposeValue:
    """One purpose. Raises ``PurposeNotFound``."""
    found = purposes_of(session, project_id).get(key)
    if found is None:
        raise PurposeNotFound(purpose=key, path="purpose")
    return found


def put_purpose(session: Session, project_id: str, value: PurposeValue) -> None:
    """Make or change a purpose."""
    values = {name: getattr(value, name) for name in PurposeValue.__dataclass_fields__}
    session.merge(Purpose(project_id=project_id, **values))


def delete_purpose(session: Session, project_id: str, key: str) -> None:
    """Delete a purpose; what people said of it is kept. Raises ``PurposeNotFound``, ``PurposeFixed``."""
    if key in DEFAULTS:
        raise PurposeFixed(purpose=key)
    row = session.get(Purpose, (project_id, key))
    if row is None:
        raise PurposeNotFound(purpose=key)
    session.delete(row)


@dataclass(frozen=True)
class Policy:
    """What a project decided beside its purposes.

    ``soft_bounces`` within ``soft_days`` suppress an address for ``soft_suppressed_days``; ``public_url``:
    where people reach this server, for links; ``company``: who writes, as pages for people say.
    ``confirm_channel_id`` and ``confirm_template_id``: how people are asked to confirm; empty: by the first
    channel for mail, in words of Bihuan's own. The same for text messages: ``confirm_sms_channel_id``,
    ``confirm_sms_template_id``; else the first channel that takes any text, in such words.
    """

    soft_bounces: int = 3
    soft_days: int = 14
    soft_suppressed_days: int = 90
    confirm_hours: int = 168
    public_url: str = ""
    company: str = ""
    confirm_channel_id: str = ""
    confirm_template_id: str = ""
    confirm_sms_channel_id: str = ""
    confirm_sms_template_id: str = ""

    def asking(self, medium: str) -> tuple[str, str]:
        """The channel and the template that ask to confirm on a medium; empty where none is chosen."""
        if medium == "sms":
            return self.confirm_sms_channel_id, self.confirm_sms_template_id
        return self.confirm_channel_id, self.confirm_template_id


def policy_of(session: Session, project_id: str) -> Policy:
    """The policy of a project."""
    row = session.get(ConsentSettings, project_id)
    known = Policy.__dataclass_fields__
    stored: dict[str, Any] = row.settings if row is not None else {}
    return Policy(**{name: value for name, value in stored.items() if name in known})


def set_policy(session: Session, project_id: str, values: dict[str, Any]) -> Policy:
    """Change parts of the policy; returns the whole."""
    row = session.get(ConsentSettings, project_id)
    if row is None:
        session.add(ConsentSettings(project_id=project_id, settings=values))
    else:
        row.settings = {**row.settings, **values}
    session.flush()
    return policy_of(session, project_id)
