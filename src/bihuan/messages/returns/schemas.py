"""The way back of a channel on the wire: secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from bihuan.insights import Input

Provider = Literal["mailgun", "postmark", "sendgrid", "ses", "aliyun", "tencent", "twilio"]
Host = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:-]+$")]
Line = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Folder = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\"\\\\]+$")]
Secret = Annotated[SecretStr, Field(max_length=4_000)]
# What a medium's providers are: a channel of another kind is told by nobody.
PROVIDERS: dict[str, tuple[Provider, ...]] = {
    "email": ("mailgun", "postmark", "sendgrid", "ses"),
    "sms": ("aliyun", "tencent", "twilio"),
}


class MailboxInput(Input):
    """A mailbox that bounces, complaints and replies come to, read by IMAP."""

    host: Host
    port: int = Field(default=993, ge=1, le=65_535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: Line
    folder: Folder = "INBOX"


class ReturnsChange(Input):
    """New values; those left out stay. A secret of null is forgotten.

    ``mailgun_key`` and ``sendgrid_key`` check the signatures of these providers, ``topic_arn`` is the only
    topic that Amazon's messages may be of. ``renew``: callbacks come to another address from now on.
    """

    mailbox: MailboxInput | None = None
    mailbox_password: Secret | None = None
    mailgun_key: Secret | None = None
    sendgrid_key: Secret | None = None
    topic_arn: Line | None = None
    renew: bool = False


class CallbackOutput(BaseModel):
    """Where a provider is to send its reports. ``is_signed``: whether their signature is checked, too."""

    provider: Provider
    url: str
    is_signed: bool


class ReturnsOutput(BaseModel):
    """How reports about the messages of a channel come in.

    ``callbacks`` are secret: whoever knows one can report. ``secrets``: the names of those that are set.
    ``problem``: why the mailbox could not be read, the last time. ``heard``: how many reports there were.
    """

    callbacks: list[CallbackOutput]
    mailbox: MailboxInput | None
    topic_arn: str
    secrets: list[str]
    polled_at: datetime | None
    problem: str | None
    heard_at: datetime | None
    heard: int


class PolledOutput(BaseModel):
    """What reading the mailbox at once gave."""

    mails: int
    reports: int
