"""Fields that everything saved shares on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.access import Caller
from bihuan.kernel.storable import storable_within

MOST_OPTIONS_BYTES = 32_768


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(_each_once)]
Chart = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Field(examples=["line"])]
Options = Annotated[
    dict[str, Any],
    AfterValidator(storable_within(MOST_OPTIONS_BYTES)),
    Field(description=f"What the chart wants to remember; at most {MOST_OPTIONS_BYTES} bytes of JSON."),
]

Cursor = Annotated[str | None, Query(max_length=400, description="next_cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Search = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
Identifier = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")]
Number = Annotated[int, Path(ge=1, le=1_000_000_000)]


class Input(BaseModel):
    """A body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Author(BaseModel):
    """Who made or changed something: a member, or a key; named as at that time."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["member", "key"]
    id: str
    name: str


def author_of(caller: Caller) -> Author:
    """The caller as an author."""
    return Author.model_validate(caller.actor)
