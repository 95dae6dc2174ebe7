from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx

from bihuan.access import ADMIN_KEY_FILE
from bihuan.cli import data_directory
from tests.cli.conftest import BIHUAN, SECONDS, Command, Here, RunningServer, environment


def test_the_server_says_where_the_key_is_and_never_the_key(running: RunningServer) -> None:
    secret = (running.data / "admin.key").read_text().strip()
    said = json.loads(running.announcement)
    assert said["admin_key_file"] == str(running.data / "admin.key")
    assert secret not in running.announcement
    assert data_directory.ADMIN_KEY_FILE == ADMIN_KEY_FILE


def test_server_json_names_the_process_and_its_real_port(running: RunningServer) -> None:
    record = json.loads((running.data / "server.json").read_bytes())
    assert (record["pid"], record["address"]) == (running.process.pid, running.address)
    assert not running.address.endswith(":0")
    assert httpx.get(f"{running.address}/health", trust_env=False).json()["status"] == "ok"


def test_a_second_server_on_the_directory_is_refused(running: RunningServer, bihuan: Command) -> None:
    second = bihuan("serve", "--port", "0", "--data", running.data, "--json")
    assert second.code == 1
    assert json.loads(second.err)["error"]["code"] == "server_running"


def test_an_address_that_is_taken_is_said_before_anything_is_made(tmp_path: Path, bihuan: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            said = bihuan(command, "--port", port, "--data", tmp_path / "data", "--json")
            assert said.code == 1
            assert json.loads(said.err)["error"]["code"] == "address_unavailable"
            assert not (tmp_path / "data" / "control.sqlite3").exists()


def test_the_address_shows_a_browser_the_pages_and_the_api_has_its_own(running: RunningServer) -> None:
    # Built or not: where the pages are not built, one page says so.
    for address, title in (("", "Bihuan"), ("/api/docs", "Swagger UI")):
        shown = httpx.get(running.address + address, follow_redirects=True, trust_env=False)
        assert (shown.status_code, title in shown.text) == (200, True), address
        assert "content-security-policy" in shown.headers


def test_a_signal_ends_the_server_cleanly_and_nothing_acknowledged_is_lost(
    tmp_path: Path, bihuan: Command
) -> None:
    data = tmp_path / "data"
    command = [*BIHUAN, "serve", "--port", "0", "--data", str(data), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        server = RunningServer(data, said["address"], said["project"], said["write_key"], process, "")
        for number in range(3):
            server.track("signed_up", f"m{number}", f"u{number}")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert not (data / "server.json").exists()
    exported = bihuan("export", "events", "--format", "jsonl", "--data", data)
    assert exported.code == 0, exported.err
    assert sorted(json.loads(line)["distinct_id"] for line in exported.out.splitlines()) == ["u0", "u1", "u2"]


def test_a_record_of_a_dead_server_is_not_believed(tmp_path: Path) -> None:
    from bihuan.settings import Settings

    directory = data_directory.DataDirectory(Settings(data=tmp_path))
    (tmp_path / "server.json").write_text('{"pid": 4194304, "address": "http://127.0.0.1:9", "version": "0"}')
    assert directory.server() is None
    (tmp_path / "server.json").write_text("half a reco")
    assert directory.server() is None


def test_only_one_process_holds_the_directory(tmp_path: Path) -> None:
    from bihuan.settings import Settings

    directory = data_directory.DataDirectory(Settings(data=tmp_path))
    with directory.lock() as first, directory.lock() as second:
        assert (first, second) == (True, False)
    with directory.lock() as again:
        assert again


def test_a_command_without_an_installation_makes_none(tmp_path: Path, bihuan: Command) -> None:
    asked = bihuan("project", "list", "--data", tmp_path / "nowhere", "--json")
    assert asked.code == 1
    assert json.loads(asked.err)["error"]["code"] == "data_directory_missing"
    assert not (tmp_path / "nowhere").exists()


def test_an_address_where_nothing_answers(here: Here) -> None:
    asked = here("project", "list", "--server", "http://127.0.0.1:9", "--json")
    assert asked.code == 3
    assert json.loads(asked.err)["error"]["code"] == "server_unreachable"


def test_a_key_that_is_not_one(here: Here) -> None:
    asked = here("project", "list", "--key", "bk_wrong", "--json")
    assert asked.code == 1
    assert json.loads(asked.err)["error"]["code"] == "api_key_missing"


def test_errors_speak_the_operators_language(here: Here) -> None:
    chinese = here("project", "show", "nothing_here", env={"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"})
    assert (chinese.code, chinese.out) == (1, "")
    assert "项目 nothing_here 不存在。" in chinese.err
    assert "There is no project nothing_here." in here("project", "show", "nothing_here").err


def test_a_setting_that_is_not_valid(here: Here) -> None:
    asked = here("project", "list", "--json", env={"BIHUAN_QUEUE_ROWS": "many"})
    assert asked.code == 1
    error = json.loads(asked.err)["error"]
    assert (error["code"], error["path"]) == ("settings_invalid", "queue_rows")


def test_wrong_usage_and_help() -> None:
    from typer.testing import CliRunner

    from bihuan.cli.application import app

    assert CliRunner().invoke(app, ["project", "list", "--no-such"]).exit_code == 2
    helped = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert helped.exit_code == 0
    for name in ("init", "serve", "worker", "demo", "project", "key", "import", "export", "query", "doctor"):
        assert f" {name} " in helped.stdout
    assert "Exit codes: 0 done" in helped.stdout
