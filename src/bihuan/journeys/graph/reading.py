"""Definitions that are being written: read as far as they go, with every fault and its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bihuan.journeys.errors import YamlUnreadable
from bihuan.journeys.graph.checking import Problem
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.yaml_text import given_parts, line_of, parsed, place_of

_REQUIRED = ("missing", "string_too_short", "too_short")
_SAID = {
    "missing": ("This is to be filled in.", "请填写此项。"),
    "extra_forbidden": ("There is no such field.", "没有此字段。"),
    "string_pattern_mismatch": ("It has characters that are not allowed here.", "含有此处不允许的字符。"),
    "string_too_long": ("It is too long.", "内容过长。"),
    "too_long": ("There are too many.", "数量过多。"),
    "union_tag_invalid": ("There is no such kind.", "没有这种类型。"),
    "union_tag_not_found": ("Say its kind.", "请写明类型（kind）。"),
    "literal_error": ("This is none of the choices.", "不在可选范围内。"),
}
_RULES = {
    "a time of day is HH:MM, from 00:00 to 23:59": "时间应为 HH:MM，从 00:00 到 23:59。",
    "the portions add up to 100 %": "各分支的比例之和应为 100%。",
    "a pause goes with after_exit": "间隔只用于“退出后可再次进入”。",
}


@dataclass
class Draft:
    """A definition as far as it could be read.

    ``value`` is what was given, ``definition`` what it says if it is complete; ``node`` is the YAML.
    """

    value: Any = None
    definition: Definition | None = None
    problems: list[Problem] = field(default_factory=list)
    node: yaml.Node | None = None

    def located(self, problems: list[Problem]) -> list[Problem]:
        """Problems with the lines of the YAML where they are."""
        if self.node is None:
            return problems
        return [each.model_copy(update={"line": line_of(self.node, _split(each.path))}) for each in problems]


def read_value(value: Any) -> Draft:
    """What a value says."""
    try:
        return Draft(value, Definition.model_validate(value))
    except ValidationError as error:
        return Draft(value, None, [_problem(value, each) for each in error.errors(include_url=False)])


def read_text(text: str) -> Draft:
    """What a YAML text says; one that is no YAML has one fault."""
    try:
        value, node = parsed(text)
    except YamlUnreadable as error:
        en, zh = error.params["reason_en"], error.params["reason_zh"]
        fault = Problem(code="yaml_unreadable", path="", en=f"{en}.", zh=f"{zh}。", line=error.params["line"])
        return Draft(problems=[fault])
    draft = read_value(value)
    draft.node = node
    draft.problems = draft.located(draft.problems)
    return draft


def _problem(value: Any, error: ErrorDetails) -> Problem:
    kind = error["type"]
    en, zh = _SAID["missing"] if kind in _REQUIRED else _SAID.get(kind, ("", ""))
    if not en:
        reason = error["msg"].removeprefix("Value error, ")
        en, zh = f"{reason}.", _RULES.get(reason, f"格式不正确（{reason}）。")
    path = place_of(given_parts(value, error["loc"]))
    code = "field_missing" if kind in _REQUIRED else "field_invalid"
    return Problem(code=code, path=path, en=en, zh=zh)


def _split(path: str) -> list[int | str]:
    """The parts of a place: ``nodes.a.cases[0]`` → nodes, a, cases, 0."""
    parts: list[int | str] = []
    for each in path.replace("[", ".[").split("."):
        if each.startswith("["):
            parts.append(int(each.strip("[]")))
        elif each:
            parts.append(each)
    return parts
