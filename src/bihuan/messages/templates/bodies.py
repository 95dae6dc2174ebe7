"""What a template says: for each medium its fields, in every variant and language."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bihuan.insights import Input

MOST_LETTERS = 200_000
MOST_BYTES = 2_000_000
Source = Annotated[str, StringConstraints(max_length=MOST_LETTERS, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20),
    Field(examples=["zh-CN"]),
]
Values = Annotated[dict[Key, Line], Field(max_length=50)]


class EmailContent(Input):
    """A mail: ``mjml``, or ``html``; ``text`` is made of it when left empty. Everything is Liquid."""

    medium: Literal["email"] = "email"
    subject: Line
    mjml: Source = ""
    html: Source = ""
    text: Source = ""
    sender: Line = Field(default="", description="Name <address>; empty: the channel's.")
    reply_to: Line = ""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.mjml and self.html:
            raise ValueError("a mail has mjml or html, not both")
        return self


class SmsContent(Input):
    """A text message: words, or a template at the provider with values for it, in order."""

    medium: Literal["sms"] = "sms"
    text: Line = ""
    template_id: Line = ""
    parameters: Values = {}
    signature: Line = Field(
        default="", description="Sent in front, in 【】, where the provider asks for one."
    )


class PushContent(Input):
    """A notification on a device."""

    medium: Literal["push"] = "push"
    title: Line
    body: Line
    link: Line = ""
    data: Values = {}


class BotContent(Input):
    """Markdown that a bot of WeCom, DingTalk or Feishu posts in a chat."""

    medium: Literal["bot"] = "bot"
    title: Line
    markdown: Source


class InAppContent(Input):
    """Shown inside the app: a banner, a modal, or a card in the inbox, for so many hours (0: for good)."""

    medium: Literal["in_app"] = "in_app"
    form: Literal["banner", "modal", "inbox"]
    title: Line = ""
    body: Line = ""
    image: Line = ""
    link: Line = ""
    button: Line = ""
    expires_hours: int = Field(default=0, ge=0, le=8_784)


class WebhookContent(Input):
    """A JSON object, written in Liquid; values go through the filter ``json``."""

    medium: Literal["webhook"] = "webhook"
    payload: Source


AnyContent = Annotated[
    EmailContent | SmsContent | PushContent | BotContent | InAppContent | WebhookContent,
    Field(discriminator="medium"),
]


class Body(Input):
    """Variants, by language. ``fallbacks``: tried in order for whom no language fits; then the default."""

    default_language: Language = "zh-CN"
    fallbacks: list[Language] = Field(default=[], max_length=20)
    variants: dict[Key, dict[Language, AnyContent]] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _of_one_medium(self) -> Self:
        contents = [each for by_language in self.variants.values() for each in by_language.values()]
        if not all(self.variants.values()):
            raise ValueError("a variant needs content in a language")
        if len({each.medium for each in contents}) != 1:
            raise ValueError("all content of a template is of one medium")
        if max(map(len, self.variants.values())) > 50:
            raise ValueError("a variant has at most 50 languages")
        if len(json.dumps(self.model_dump(), ensure_ascii=False).encode()) > MOST_BYTES:
            raise ValueError(f"a template has at most {MOST_BYTES:,} bytes")
        return self

    @property
    def medium(self) -> str:
        """The medium of all its contents."""
        first = next(iter(self.variants.values()))
        return str(next(iter(first.values())).medium)


def choose_language(wanted: str, available: list[str], fallbacks: list[str], default: str) -> str:
    """The language to write to somebody in: theirs, another form of theirs, the fallbacks, the default, any.

    ``available`` must not be empty.
    """
    by_name = {each.lower(): each for each in available}
    for name in (wanted, *fallbacks, default):
        exact = name.replace("_", "-").lower()
        base = exact.partition("-")[0]
        if exact in by_name:
            return by_name[exact]
        if base and base in by_name:
            return by_name[base]
        similar = sorted(each for each in by_name if base and each.partition("-")[0] == base)
        if similar:
            return by_name[similar[0]]
    return available[0]


def source_fields(content: Any) -> dict[str, str]:
    """Every field of a content that is written in Liquid: name to source, values of mappings by ``a.b``."""
    found: dict[str, str] = {}
    for name, value in content.model_dump(exclude={"medium", "form", "expires_hours"}).items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": each for key, each in value.items()}
        else:
            found[name] = value
    return found
