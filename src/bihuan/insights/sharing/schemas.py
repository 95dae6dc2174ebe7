"""Public links on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from bihuan.analytics.query import Period
from bihuan.analytics.registry import AnyResult
from bihuan.insights.dashboards.schemas import ErrorDetail
from bihuan.insights.wire import Author, Input


def as_origin(text: str) -> str:
    """``text`` in the one form of a web origin; ValueError when it is none."""
    parts = urlsplit(text.strip().rstrip("/").lower())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("an origin is https://host or http://host:port")
    if parts.path or parts.query or parts.fragment or not parts.hostname.isascii():
        raise ValueError("an origin has no path and an ASCII host")
    if not all(each.isalnum() or each in ".-[]:" for each in parts.netloc):
        raise ValueError("an origin is a scheme, a host and a port")
    port = "" if parts.port is None else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


Origin = Annotated[str, StringConstraints(min_length=8, max_length=255), AfterValidator(as_origin)]


class LinkInput(Input):
    """A new public link."""

    expires_at: AwareDatetime
    period: Period | None = Field(
        default=None, description="The only period that it shows; null: that of the insight or board."
    )


class PublicLinkOutput(BaseModel):
    """A public link without its token."""

    id: str
    token_ending: str
    period: Period | None
    expires_at: datetime
    expired: bool
    created_by: Author
    created_at: datetime


class PublicLinkCreated(PublicLinkOutput):
    """A public link with its token: the only time it is shown. The page is at ``path``."""

    token: str
    path: str


class PublicTile(BaseModel):
    """A tile as everybody may see it: a text, or an insight with its result."""

    id: str
    x: int
    y: int
    w: int
    h: int
    text: str | None
    name: str | None
    description: str | None
    kind: str | None
    chart: str | None
    options: dict[str, Any]
    result: AnyResult | None = Field(description="Without its SQL; personal data is hidden.")
    error: ErrorDetail | None


class PublicPage(BaseModel):
    """What a link shows: one insight (one tile), or a board."""

    kind: Literal["insight", "dashboard"]
    name: str
    description: str
    time_zone: str
    currency: str
    expires_at: datetime
    refresh_seconds: int | None
    tiles: list[PublicTile]


class Embedding(Input):
    """Which web origins may show public pages in a frame; none: nobody."""

    origins: list[Origin] = Field(max_length=50)
