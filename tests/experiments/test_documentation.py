"""The examples of the guide to experiments work, and are the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from tests.server.running import Running

GUIDES = [Path(__file__).parents[2] / "docs" / name for name in ("experiments.md", "experiments.zh-CN.md")]
PATHS = {"experiment": "/experiments", "flag": "/flags"}


def examples(guide: Path) -> list[tuple[str, str]]:
    return re.findall(r"```json (\w+)\n(.*?)```", guide.read_text(), re.S)


def test_every_example_is_taken(server: Running) -> None:
    found = examples(GUIDES[0])
    assert {kind for kind, _ in found} == {"experiment", "flag", "holdout"}
    headers = {"content-type": "application/json"}
    for kind, text in found:
        if kind == "holdout":
            answer = server.api.put(server.path("/holdout"), content=text, headers=headers)
        else:
            answer = server.api.post(server.path(PATHS[kind]), content=text, headers=headers)
        assert answer.is_success, answer.text
    server.api.delete(server.path("/holdout")).raise_for_status()
    server.api.delete(server.path("/flags/new-checkout")).raise_for_status()


def test_both_languages_show_the_same() -> None:
    assert examples(GUIDES[0]) == examples(GUIDES[1])
