"""What a kind of channel means for messages: on which way it reaches people, and by which address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.delivery import KINDS, Call, Mail, Post, Push, Sms, checked_settings, kind_of
from bihuan.messages.channels.errors import InAppHasNoSettings
from bihuan.messages.media import Medium

IN_APP = "in_app"
_MEDIA: dict[type[Any], Medium] = {Mail: "email", Sms: "sms", Push: "push", Post: "bot", Call: "webhook"}
# Where a person's address is looked for, unless a channel names a property.
PROPERTIES: dict[str, tuple[str, ...]] = {
    "email": ("$email", "email"),
    "phone": ("$phone", "phone", "mobile"),
    "push": ("$push_token", "push_token"),
    "mention": (),
}


def kind_names() -> list[str]:
    """Every kind there is."""
    return sorted([*KINDS, IN_APP])


def medium_of(kind: str) -> Medium:
    """How a kind reaches people. Raises ``ChannelKindUnknown``."""
    return "in_app" if kind == IN_APP else _MEDIA[kind_of(kind).content]


def check(kind: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> None:
    """Whether a channel of this kind can be opened with these.

    Raises:
        ChannelKindUnknown, ChannelSettingsInvalid, InAppHasNoSettings.
    """
    if kind != IN_APP:
        checked_settings(kind, settings, secrets)
    elif settings or secrets:
        raise InAppHasNoSettings(path="settings")


def address_of(
    kind: str, address_property: str | None, person_id: int, properties: Mapping[str, Any]
) -> str | None:
    """Where a person is reached; None where no property says so. Of a call, and a bot, it may be empty."""
    if kind == IN_APP:
        return str(person_id)
    wanted = kind_of(kind).address
    if wanted == "none":
        return ""
    names = (address_property,) if address_property else PROPERTIES.get(wanted, ())
    for name in names:
        value = properties.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:.0f}"
        if isinstance(value, str) and value.strip():
            return value.strip()
    return "" if wanted == "mention" else None
