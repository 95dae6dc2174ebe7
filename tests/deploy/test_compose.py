"""The compose files say what the code understands: settings exist, mounted files are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from bihuan.settings import Settings

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))


def services(path: Path) -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(path.read_text())["services"])


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_settings_exist_and_mounted_files_are_there(path: Path) -> None:
    for service in services(path).values():
        for name in service.get("environment", {}):
            if name.startswith("BIHUAN_"):
                assert name.removeprefix("BIHUAN_").lower() in Settings.model_fields
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (DEPLOY / volume.split(":")[0]).is_file()


def test_the_cluster_has_a_shard_for_each_server_and_distinct_macros() -> None:
    config = ElementTree.parse(DEPLOY / "clickhouse" / "cluster.xml")
    hosts = {host.text for host in config.findall("./remote_servers/bihuan/shard/replica/host")}
    assert hosts == {
        name for name in services(DEPLOY / "compose.cluster.yaml") if name.startswith("clickhouse-")
    }
    macros = [
        ElementTree.parse(path).find("./macros/shard") for path in DEPLOY.glob("clickhouse/shard-*.xml")
    ]
    assert sorted(str(macro.text) for macro in macros if macro is not None) == ["1", "2"]


def test_published_ports_are_reachable_from_this_machine_only() -> None:
    for path in COMPOSE:
        for service in services(path).values():
            assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
