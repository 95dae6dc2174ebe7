"""How a protocol sets one bad item aside while the good items beside it are kept.

Reading functions raise :class:`ItemInvalid`; the loop over the items of a request turns it into a
:class:`~bihuan.collect.incoming.Rejected` with the path in the request and the raw payload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from bihuan.collect.incoming import Rejected
from bihuan.kernel.errors import BihuanError, Language

# Longest names and ids where the protocol itself names no limit.
MAX_NAME_CHARACTERS = 255
MAX_ID_CHARACTERS = 255


class ItemInvalid(BihuanError):
    """One item of a request breaks a rule of its protocol. Never leaves the protocol's ``parse``.

    Args:
        reason: code for the quarantine, e.g. ``event_name_missing``.
        path: of the field inside the item, e.g. ``event``; empty for the item itself.
    """

    code = "item_invalid"
    status = 422
    messages: ClassVar[dict[Language, str]] = {"en": "{detail_en}", "zh": "{detail_zh}"}

    def __init__(self, *, reason: str, path: str = "", detail_en: str = "", detail_zh: str = "") -> None:
        self.reason = reason
        super().__init__(path=path, detail_en=detail_en, detail_zh=detail_zh)

    def as_rejected(self, position: str, raw: Any) -> Rejected:
        """The value for the quarantine, for an item that stands at ``position`` in the request."""
        return Rejected(
            reason=self.reason,
            path=join_path(position, self.path or ""),
            raw=raw,
            detail_en=self.message("en"),
            detail_zh=self.message("zh"),
        )


def read_each(
    values: Iterable[Any],
    prefix: str,
    read: Callable[[Any, str], None],
    rejected: list[Rejected],
) -> None:
    """Call ``read(value, position)`` for every value; what it refuses goes to ``rejected``.

    ``prefix`` is the path of the list in the request (``batch`` gives ``batch[3]``).
    """
    for index, value in enumerate(values):
        position = f"{prefix}[{index}]"
        try:
            read(value, position)
        except ItemInvalid as invalid:
            rejected.append(invalid.as_rejected(position, value))


def join_path(position: str, field: str) -> str:
    """``batch[3]`` and ``event`` give ``batch[3].event``; either may be empty."""
    return f"{position}.{field}" if position and field else position or field


def event_name_missing(path: str = "event") -> ItemInvalid:
    """The item names no event."""
    return ItemInvalid(
        reason="event_name_missing",
        path=path,
        detail_en="The event has no name.",
        detail_zh="事件缺少名称。",
    )


def distinct_id_missing(path: str = "distinct_id") -> ItemInvalid:
    """The item says nothing about who it is."""
    return ItemInvalid(
        reason="distinct_id_missing",
        path=path,
        detail_en="Nothing says who did this.",
        detail_zh="缺少用户标识。",
    )


def type_invalid(path: str, expected_en: str, expected_zh: str) -> ItemInvalid:
    """The field at ``path`` is not of the expected type."""
    return ItemInvalid(
        reason="type_invalid",
        path=path,
        detail_en=f"{path or 'The item'} must be {expected_en}.",
        detail_zh=f"{path or '该条数据'} 必须是{expected_zh}。",
    )


def object_or_empty(value: object, path: str) -> dict[str, Any]:
    """``value`` as a JSON object; an empty one for None. Raises ``ItemInvalid``: ``type_invalid``."""
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise type_invalid(path, "an object", "对象")


def read_name(value: object, path: str = "event", limit_characters: int = MAX_NAME_CHARACTERS) -> str:
    """An event name.

    Raises:
        ItemInvalid: ``event_name_missing``, ``event_name_too_long`` or ``type_invalid``.
    """
    if value is None or value == "":
        raise event_name_missing(path)
    if not isinstance(value, str):
        raise type_invalid(path, "a text", "文本")
    if value.isspace():
        raise event_name_missing(path)
    if len(value) > limit_characters:
        raise ItemInvalid(
            reason="event_name_too_long",
            path=path,
            detail_en=f"The event name has {len(value)} characters; at most {limit_characters} are accepted.",
            detail_zh=f"事件名称长度为 {len(value)} 个字符，上限为 {limit_characters}。",
        )
    return value


def read_id(value: object, path: str, limit_characters: int = MAX_ID_CHARACTERS) -> str | None:
    """A person's id as text; None if absent (None, empty, blank). Whole numbers become text.

    Raises:
        ItemInvalid: ``type_invalid`` or ``distinct_id_too_long``.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise type_invalid(path, "a text or a number", "文本或数字")
        return _number_as_id(value)
    if len(value) > limit_characters:
        raise ItemInvalid(
            reason="distinct_id_too_long",
            path=path,
            detail_en=f"The id has {len(value)} characters; at most {limit_characters} are accepted.",
            detail_zh=f"用户标识长度为 {len(value)} 个字符，上限为 {limit_characters}。",
        )
    return value if value and not value.isspace() else None


def _number_as_id(value: int | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
