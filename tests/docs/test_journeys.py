"""The guide to journeys: its example is a journey without faults of shape, the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from bihuan.journeys.graph.checking import Known, problems
from bihuan.journeys.graph.yaml_text import from_yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
SERVICES = frozenset({"sending", "splitting", "rewards", "tasks", "calling"})


def examples(name: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), flags=re.S)


def test_the_example_is_a_journey() -> None:
    found = examples("journeys.md")
    assert len(found) == 1
    definition = from_yaml(found[0])
    assert problems(definition, Known({}, SERVICES)) == []
    assert found == examples("journeys.zh-CN.md")


def test_every_kind_of_node_and_entry_is_described() -> None:
    from bihuan.journeys.graph.definition import Definition

    schema = Definition.model_json_schema()
    kinds = {
        each["properties"]["kind"]["const"]
        for name, each in schema["$defs"].items()
        if "kind" in each.get("properties", {}) and ("next" in each["properties"] or name.endswith("Entry"))
    }
    assert {"wait", "send", "event", "audience"} <= kinds
    for guide in ("journeys.md", "journeys.zh-CN.md"):
        text = (DOCS / guide).read_text(encoding="utf-8")
        assert not [kind for kind in kinds if f"`{kind}`" not in text]
