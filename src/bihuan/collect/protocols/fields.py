"""Small readings that several web protocols share: screen size, text fields, JSON inside text."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.protocols.encoding import decode_json
from bihuan.collect.protocols.mapping import put_standard
from bihuan.collect.protocols.rejection import type_invalid


def put_screen(properties: dict[str, Any], size: object) -> None:
    """Set ``$screen_width`` and ``$screen_height`` of ``1366x768``; anything else is left out."""
    if not isinstance(size, str):
        return
    width, _, height = size.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and len(size) <= 16:
        properties["$screen_width"] = float(width)
        properties["$screen_height"] = float(height)


def put_text(properties: dict[str, Any], standard: str, value: object) -> None:
    """Set a standard text; None and empty texts are left out."""
    if value is not None and value != "":
        put_standard(properties, standard, value)


def absolute_url(url: object, host: object) -> str | None:
    """``url`` as it is when it has a scheme, else resolved on ``https://host``; None if it is no text."""
    if not isinstance(url, str) or not url:
        return None
    if not isinstance(host, str) or not host:
        return url
    try:
        return url if urlsplit(url).scheme else urljoin(f"https://{host}/", url)
    except ValueError:
        return url


def json_member(value: object, path: str) -> Any:
    """A member that is JSON, or JSON in a text; None if absent.

    Raises:
        ItemInvalid: ``type_invalid`` if the text is not JSON.
    """
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return decode_json(value)
    except PayloadInvalid:
        raise type_invalid(path, "JSON", "JSON") from None
