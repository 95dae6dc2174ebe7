"""The README's examples run as they stand, in both languages, with only the address changed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.warehouse import Engine
from tests.server.running import Running, running_server

ROOT = Path(__file__).resolve().parent.parent.parent
PRINTED = "http://127.0.0.1:8480"
READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture
def server(engine: Engine, tmp_path: Path) -> Iterator[Running]:
    with running_server(engine, tmp_path / "installation") as running:
        yield running


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text(), re.S)


@pytest.mark.parametrize("name", READMES)
def test_the_curl_example_stores_an_event(name: str, server: Running) -> None:
    example = next(block for block in blocks(name, "sh") if block.startswith("curl"))
    command = example.replace(PRINTED, server.url)
    subprocess.run(
        ["bash", "-c", command], env={"WRITE_KEY": server.write_key, "PATH": "/usr/bin:/bin"}, check=True
    )
    (event,) = server.events()
    assert (event["event"], event["distinct_id"]) == ("Order Completed", "ann")
    assert (event["properties"]["$revenue"], event["properties"]["$currency"]) == (25.5, "CNY")


@pytest.mark.parametrize("name", READMES)
def test_the_sdk_example_stores_an_event(name: str, server: Running) -> None:
    (example,) = blocks(name, "python")
    program = example.replace(PRINTED, server.url).replace("WRITE_KEY", server.write_key)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    (event,) = server.events()
    assert (event["event"], event["properties"]["$revenue"]) == ("Order Completed", 25.5)


def test_the_example_question_is_answered(server: Running) -> None:
    question = ROOT / "examples/weekly-buyers.yaml"
    command = [sys.executable, "-m", "bihuan", "query", str(question), "--json"]
    command += ["--project", server.project_id, "--server", server.url, "--key", server.api_key]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert '"kind": "trend"' in done.stdout


@pytest.mark.parametrize("name", READMES)
def test_make_targets_named_in_the_readme_exist(name: str) -> None:
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    named = {
        line.split()[1]
        for block in blocks(name, "sh")
        for line in block.splitlines()
        if line.startswith("make ")
    }
    assert named == {"demo", "test", "serve"} <= targets
