"""The kinds of channels: each is declared by the module that has it, as ``KIND``, and found there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bihuan.delivery.errors import ChannelKindUnknown, ChannelSettingsInvalid
from bihuan.delivery.port import Channel, Content

_WHERE = ("mail", "sms", "push", "bots", "webhooks")

# What most kinds have: how fast the provider takes messages, over how many connections, how long to wait.
PerSecond = Annotated[float, Field(ge=0, description="Messages a second")]
Connections = Annotated[int, Field(ge=1, le=256)]
AnswerSeconds = Annotated[float, Field(gt=0, le=120)]


class ChannelSettings(BaseModel):
    """Base of the settings of a kind; fields that are ``SecretStr`` are given and kept apart."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def secret_values(self) -> list[str]:
        """Every secret as text, to be kept out of what is said and written."""
        found: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            several = value.values() if isinstance(value, Mapping) else [value]
            found += [each.get_secret_value() for each in several if isinstance(each, SecretStr)]
        return [each for each in found if each]


Settings = TypeVar("Settings", bound=ChannelSettings)


@dataclass(frozen=True)
class Kind(Generic[Settings]):
    """A kind of channel: what it sends (``content``), to what sort of address, and what it needs to know.

    ``address``: ``email``, ``phone``, ``push`` (a device's token), ``mention`` (optional) or ``none``.
    ``apart``: sending much of it is better done by a process of its own (``apart.Switching``).
    """

    name: str
    content: type[Content]
    address: str
    settings: type[Settings]
    open: Callable[[Settings, bool], Channel]
    apart: bool = False

    @property
    def secret_fields(self) -> frozenset[str]:
        """The fields of ``settings`` that are secret."""
        fields = self.settings.model_fields.items()
        return frozenset(name for name, field in fields if _is_secret(field.annotation))


def _found() -> dict[str, Kind[Any]]:
    kinds: dict[str, Kind[Any]] = {}
    for part in _WHERE:
        package = importlib.import_module(f"bihuan.delivery.{part}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            kind = getattr(importlib.import_module(module.name), "KIND", None)
            if isinstance(kind, Kind):
                kinds[kind.name] = kind
    return dict(sorted(kinds.items()))


KINDS: Mapping[str, Kind[Any]] = _found()


def kind_of(name: str) -> Kind[Any]:
    """The kind of a name. Raises ``ChannelKindUnknown``."""
    try:
        return KINDS[name]
    except KeyError:
        raise ChannelKindUnknown(kind=name, kinds=", ".join(KINDS), path="kind") from None


def checked_settings(kind: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> ChannelSettings:
    """The settings of a channel, whole, as its kind has them.

    Raises:
        ChannelKindUnknown, ChannelSettingsInvalid: also for a secret among the settings, or the reverse.
    """
    found = kind_of(kind)
    for name in settings:
        if name in found.secret_fields:
            raise _invalid(name, "it is a secret and is given as one", "属于密钥，须作为密钥提供")
    for name in secrets:
        if name not in found.secret_fields:
            raise _invalid(name, "it is not one of its secrets", "不是该通道的密钥")
    try:
        whole: ChannelSettings = found.settings.model_validate({**settings, **secrets})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise _invalid(place, first["msg"], "缺失或取值不符合要求") from None
    return whole


def open_channel(
    kind: str, settings: Mapping[str, Any], secrets: Mapping[str, Any], *, private: bool = False
) -> Channel:
    """A channel, ready to send; nothing is connected yet.

    ``private``: whether HTTP requests may go to addresses that are not on the internet, and without https.

    Raises:
        ChannelKindUnknown, ChannelSettingsInvalid, AddressRefused: a base URL that leads inside.
    """
    return kind_of(kind).open(checked_settings(kind, settings, secrets), private)


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(each) for each in get_args(annotation))


def _invalid(field: str, reason_en: str, reason_zh: str) -> ChannelSettingsInvalid:
    return ChannelSettingsInvalid(field=field, reason_en=reason_en, reason_zh=reason_zh, path=field)
