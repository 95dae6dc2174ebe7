"""Definitions as YAML: the same value as text that people read, compare and keep beside their code.

Read as YAML 1.2 does where that differs: ``09:30`` and ``2026-01-01`` are text, ``yes`` and ``on`` are words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from bihuan.journeys.errors import YamlUnreadable
from bihuan.journeys.graph.definition import Definition

MOST_BYTES = 1 << 20


class _Loader(yaml.SafeLoader):
    """Plain values only: no references, which could stand for endless text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="references are not used here", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _expression, _first in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_expression})$"), list(_first)
    )
_Loader.yaml_implicit_resolvers[""] = _Loader.yaml_implicit_resolvers.pop("\0")


class _Dumper(yaml.SafeDumper):
    """Lists of plain values on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(definition: Definition) -> str:
    """The definition as YAML, without what is as it is by default."""
    return yaml_of(definition.stored())


def yaml_of(stored: Any) -> str:
    """A stored definition, which may be unfinished, as YAML."""
    dumped: str = yaml.dump(stored, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return dumped


def from_yaml(text: str) -> Definition:
    """The definition that a YAML text says.

    Raises:
        YamlUnreadable: with the line, and the path where it is the definition that is wrong.
    """
    value, node = parsed(text)
    try:
        return Definition.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = place_of(given_parts(value, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise YamlUnreadable(
            line=line_of(node, first["loc"]),
            reason_en=f"{path or 'it'}: {reason}",
            reason_zh=f"{path or '内容'}：{reason}",
            path=path,
        ) from error


def parsed(text: str) -> tuple[Any, yaml.Node | None]:
    """The value of a YAML text, and its parts with their lines. Raises ``YamlUnreadable``."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise YamlUnreadable(
            line=1, reason_en="it is longer than a megabyte", reason_zh="内容超过 1 MB", path=None
        )
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        value = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.problem or "not YAML"
        raise YamlUnreadable(
            line=line, reason_en=problem, reason_zh=f"YAML 语法错误（{problem}）", path=None
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else "not YAML"
        raise YamlUnreadable(
            line=1, reason_en=reason, reason_zh=f"YAML 语法错误（{reason}）", path=None
        ) from error
    finally:
        loader.dispose()
    return value, node


def place_of(location: Sequence[int | str]) -> str:
    """A place in a value as it is written: ``nodes.a.cases[0].next``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def given_parts(value: Any, location: Sequence[int | str]) -> list[int | str]:
    """A place without the names of kinds that the reader puts in between."""
    kept: list[int | str] = []
    for index, part in enumerate(location):
        is_kind = isinstance(value, dict) and part in (value.get("kind"), value.get("type"))
        if is_kind or (isinstance(value, dict) and part not in value and index + 1 < len(location)):
            continue
        kept.append(part)
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
    return kept


def line_of(node: Any, location: Sequence[int | str]) -> int:
    """The line of the innermost part of a place that is there; names of kinds are passed over."""
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == part]
            node = found[0] if found else node
    return 1 if node is None else int(node.start_mark.line) + 1
