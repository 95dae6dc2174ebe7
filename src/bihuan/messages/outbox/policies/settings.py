"""How a project wants its messages sent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.messages.media import Medium

ClockTime = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["21:30"])
]
Media = Annotated[list[Medium], Field(max_length=6)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]

Priority = Literal["low", "normal", "high"]
SendTime = Literal["at_once", "best_time"]

# What bots say and what is called is not addressed to the person.
PERSONAL: tuple[Medium, ...] = ("email", "sms", "push", "in_app")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cap(_Part):
    """At most ``count`` messages to one person in any ``hours`` on end."""

    medium: Medium | None = Field(
        default=None, description="Counts this medium alone; null: all that reach the person themselves."
    )
    count: int = Field(ge=1, le=1_000)
    hours: int = Field(ge=1, le=8_784)


class QuietHours(_Part):
    """From ``start`` until ``end`` by the person's clock nothing is sent; it waits until ``end``."""

    start: ClockTime
    end: ClockTime
    media: Media = ["sms", "push"]


class PolicySettings(_Part):
    """What holds for every message of a project, except those of ``exempt_purposes``."""

    caps: Annotated[list[Cap], Field(max_length=20)] = []
    on_cap: Literal["suppress", "wait"] = Field(
        default="suppress", description="wait: until the person may get one more, if it does not expire."
    )
    quiet_hours: QuietHours | None = None
    exempt_purposes: Annotated[list[Key], Field(max_length=50)] = ["transactional"]
    conversion_events: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=255)]],
        Field(max_length=20, description="Events that count as success of the message before them."),
    ] = []
    conversion_hours: int = Field(default=72, ge=1, le=2_160)
    priority: Priority = Field(default="normal", description="Of messages that do not say theirs.")
    send_time: SendTime = Field(
        default="at_once",
        description="Of messages that do not say: at_once, or best_time: in the hour the person is active.",
    )
    keep_content_days: int = Field(
        default=90,
        ge=0,
        le=3_650,
        description="How long what went out is shown as it was; 0: not at all.",
    )
    sign_inbox: bool = Field(
        default=False, description="Whether who fetches messages in the app must show the person's signature."
    )
