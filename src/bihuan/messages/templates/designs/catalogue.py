"""The designs as they are on file, put together: words into frames, contents into bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bihuan.messages.templates.bodies import Body

_WORD = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True)
class Design:
    """Something to start from. ``name`` and ``about``: by language of the reader (zh, en); ``body``: in
    Chinese and English; ``samples``: by language, a person, an event and a
    campaign to look at it with."""

    key: str
    purpose: str
    name: Mapping[str, str]
    about: Mapping[str, str]
    body: Body
    samples: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


@cache
def designs() -> tuple[Design, ...]:
    """Every design, mails first."""
    mails, others = _read("email.yaml"), _read("others.yaml")
    words = others["sample_words"]
    found = [_design(key, each, _mails(mails, each), words) for key, each in mails["designs"].items()]
    for key, each in others["designs"].items():
        contents = {
            language: {"medium": each["medium"], **content} for language, content in each["contents"].items()
        }
        found.append(_design(key, each, contents, words))
    return tuple(found)


def _read(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _mails(mails: Mapping[str, Any], design: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for language, words in design["words"].items():
        foot = mails["feet"][design["purpose"]][language]
        given = {**words, "colour": design["colour"], "foot": foot, "body": design["body"].strip("\n")}
        mjml = _put_in(_put_in(mails["frame"], given), given).rstrip() + "\n"
        found[language] = {"medium": "email", "subject": words["subject"], "mjml": mjml}
    return found


def _put_in(text: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda match: words[match[1]], text)


def _design(
    key: str,
    given: Mapping[str, Any],
    contents: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
) -> Design:
    body = Body.model_validate({"default_language": next(iter(contents)), "variants": {"a": contents}})
    samples = {language: _said(given["sample"], words.get(language, {})) for language in contents}
    names = ("purpose", "name", "about")
    return Design(key=key, body=body, samples=samples, **{name: given[name] for name in names})


def _said(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _said(each, words) for name, each in value.items()}
    if isinstance(value, list):
        return [_said(each, words) for each in value]
    return words.get(value, value) if isinstance(value, str) else value
