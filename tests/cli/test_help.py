"""Help and usage errors: both languages, laid out for the terminal, loading nothing heavy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from unicodedata import east_asian_width

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bihuan.cli.application import app
from bihuan.cli.chinese import HELP, WORDS
from bihuan.cli.commands.exporting import TableFormat as OfferedFormat
from bihuan.cli.language import decide
from bihuan.kernel.tables import TableFormat
from tests.cli.conftest import Finished, Here, RunningServer, environment

HEAVY = (
    "pydantic",
    "chdb",
    "pyarrow",
    "numpy",
    "dbos",
    "fastapi",
    "sqlalchemy",
    "pydantic_settings",
    "httpx",
    "rich",
    "yaml",
)
CHINESE = re.compile("[\u4e00-\u9fff]")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


EVERY = dict(commands(get_command(app)))


def helped(*arguments: str, columns: int = 80) -> str:
    done = CliRunner().invoke(app, [*arguments, "--help"], env={**environment(), "COLUMNS": str(columns)})
    assert done.exit_code == 0, done.stderr
    return done.stdout


def texts() -> set[str]:
    found = {command.help for command in EVERY.values()} | {command.epilog for command in EVERY.values()}
    found |= {param.help for command in EVERY.values() for param in command.params}
    found.add("Show this message and exit.")
    return {" ".join(part.split()) for text in found if text for part in text.split("\n\n")}


def test_every_text_of_the_help_is_there_in_chinese_and_nothing_else_is() -> None:
    assert {text for text in HELP if text not in texts()} == set()
    assert {text for text in texts() if text not in HELP} == set()
    assert [text for text, chinese in HELP.items() if not CHINESE.search(chinese)] == []
    assert [name for name, chinese in WORDS.items() if not CHINESE.search(chinese)] == []


def test_every_command_and_option_says_what_it_is_for() -> None:
    silent = [" ".join(path) for path, command in EVERY.items() if not command.help]
    silent += [
        f"{' '.join(path)} {param.name}"
        for path, command in EVERY.items()
        for param in command.params
        if not param.help
    ]
    assert silent == []


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_a_page_names_everything_fits_the_terminal_and_speaks_chinese(path: tuple[str, ...]) -> None:
    page = helped(*path, "--lang", "zh")
    assert page.startswith("用法：")
    assert "Usage" not in page
    assert "Options" not in page
    assert [line for line in page.splitlines() if columns(line) > 81 and " " in line.strip()] == []
    for param in EVERY[path].params:
        for name in [*param.opts, *param.secondary_opts]:
            assert re.search(rf"(^|[\s/]){re.escape(name)}([\s,…]|$)", page, re.M), name
    for name in getattr(EVERY[path], "commands", {}):
        assert re.search(rf"^  {name} .*", page, re.M)
    english = helped(*path)
    assert english.startswith("Usage:")
    assert CHINESE.search(english.replace("闭环", "")) is None


def columns(line: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def test_a_page_follows_the_width_of_the_terminal() -> None:
    narrow, wide = helped("people", "merge", columns=60), helped("people", "merge", columns=100)
    assert max(map(columns, narrow.splitlines())) <= 60 < max(map(columns, wide.splitlines())) <= 100
    assert narrow.split() == wide.split()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["query", "--help"], ["export", "events", "-h"], ["--version"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(f"sys.argv = ['bihuan', *{arguments!r}]") & set(HEAVY) == set()


def test_completion_loads_nothing_heavy() -> None:
    words = {"_BIHUAN_COMPLETE": "complete_bash", "COMP_WORDS": "bihuan export ev", "COMP_CWORD": "2"}
    assert loaded("sys.argv = ['bihuan']", words) & set(HEAVY) == set()


def loaded(prepare: str, variables: dict[str, str] | None = None) -> set[str]:
    """The packages that a run of the entry point has loaded when it ends."""
    code = (
        f"import sys, atexit; {prepare}\n"
        "atexit.register(lambda: print('LOADED', *{name.split('.')[0] for name in sys.modules}))\n"
        "from bihuan.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**environment(), **(variables or {})},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, _, names = done.stdout.partition("LOADED")
    assert said.strip()
    assert {"bihuan", "typer"} <= set(names.split())
    return set(names.split())


@pytest.mark.parametrize(
    ("wanted", "variables", "found"),
    [("exp", {}, "export"), ("exp", {"BIHUAN_LANGUAGE": "zh"}, "把事件、用户或分析结果导出为表格文件。")],
)
def test_completion_explains_in_the_language(wanted: str, variables: dict[str, str], found: str) -> None:
    completing = {"_BIHUAN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"bihuan {wanted}"}
    done = CliRunner().invoke(app, [], prog_name="bihuan", env={**environment(), **completing, **variables})
    assert found in done.stdout


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["project", "list", "--no-such"], "No such option: --no-such", "没有选项 --no-such"),
        (["project", "list", "--jso"], "Possible options: --json", "（是否指：--json"),
        (["proyect"], "Did you mean 'project'?", "没有命令 'proyect'。是否指：'project'？"),
        (["zzz"], "No such command 'zzz'.", "没有命令 'zzz'。"),
        (["people", "merge", "a"], "Missing argument 'to_id'.", "缺少参数 'to_id'。"),
        (["project", "list", "x", "y"], "unexpected extra argument(s) (x y)", "多余的参数：x y"),
        (["people", "list", "--limit"], "Option '--limit' requires an argument.", "选项 '--limit' 缺少值。"),
        (["doctor", "--json=1"], "does not take a value", "选项 '--json' 不带值。"),
        (["people", "list", "--limit", "x"], "valid integer", "'--limit' 的值无效：不是整数。"),
        (
            ["people", "list", "--limit", "0"],
            "greater than or equal to 1",
            "'--limit' 的值无效：不能小于 1。",
        ),
        (["serve", "--port", "70000"], "less than or equal to 65535", "'--port' 的值无效：不能大于 65535。"),
        (["catalog", "mode", "strict"], "'strict' is not one of", "'strict' 不在 "),
        (["key", "create"], "Missing argument 'kind'. Choose from:", "缺少参数 'kind'。 可选："),
    ],
)
def test_usage_errors_speak_both_languages(arguments: list[str], english: str, chinese: str) -> None:
    for language, expected in (("en", english), ("zh", chinese)):
        done = CliRunner().invoke(app, arguments, env={**environment(), "BIHUAN_LANGUAGE": language})
        assert (done.exit_code, done.stdout) == (2, "")
        assert expected in done.stderr
        if language == "zh":
            said = re.sub(r"'.*?'|`.*?`|--?[\w-]+|[\w|]*observe.*|write.*|api|x y", "", done.stderr)
            assert re.search("[a-z]{2,}", said) is None, said


def test_the_language_is_decided_by_option_then_setting_then_file_then_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert decide([], {}) == "en"
    assert decide([], chinese) == "zh"
    assert decide([], {**chinese, "LC_ALL": "C.UTF-8"}) == "en"
    (tmp_path / "bihuan.toml").write_text('language = "en"\n')
    assert decide([], chinese) == "en"
    assert decide([], {"BIHUAN_LANGUAGE": "zh"}) == "zh"
    assert decide(["project", "--lang", "en"], {"BIHUAN_LANGUAGE": "zh"}) == "en"
    assert decide(["--lang=zh", "project"], {}) == "zh"
    assert decide(["query", "--", "--lang", "zh"], {}) == "en"
    assert decide(["--lang"], {}) == "en"
    (tmp_path / "bihuan.toml").write_text("not = a = file")
    assert decide([], chinese) == "zh"


def test_the_formats_offered_are_those_written() -> None:
    assert get_args(OfferedFormat) == get_args(TableFormat)


def headings(said: Finished) -> str:
    lines = said.out.splitlines()
    rule = next(place for place, line in enumerate(lines) if "──" in line)
    return lines[rule - 1]


def test_tables_have_chinese_headings(running: RunningServer, here: Here) -> None:
    where = f"/api/projects/{running.project}"
    running.track("titled", "titled-1", "reader", plan="basic")
    with running.api() as api:
        planned = {"name": "titled", "status": "active", "properties": [{"name": "plan", "type": "number"}]}
        assert api.put(f"{where}/catalog/event", json=planned).status_code == 200
        named = {"userId": "reader", "messageId": "reader-i", "traits": {"name": "R"}}
        assert api.post("/v1/identify", json=named, auth=(running.write_key, "")).status_code == 200
        bad = {"userId": "reader", "messageId": "bad-1", "event": "", "properties": {}}
        api.post("/v1/track", json=bad, auth=(running.write_key, ""))
    for arguments in (
        ["project", "list"],
        ["key", "list"],
        ["people", "list"],
        ["people", "show", "reader"],
        ["catalog", "list"],
        ["catalog", "show", "titled"],
        ["quarantine", "list"],
        ["quarantine", "summary"],
        ["imports", "list"],
    ):
        scope = [] if arguments[0] == "project" else ["-p", running.project]
        said = here(*arguments, *scope, "--lang", "zh")
        assert said.code == 0, said.err
        assert CHINESE.search(headings(said)), arguments
        assert re.search("[a-z]{2,}", headings(said)) is None, headings(said)


def test_names_and_values_have_chinese_names(running: RunningServer, here: Here) -> None:
    for arguments in (["project", "show", running.project], ["catalog", "mode", "-p", running.project]):
        said = here(*arguments, env={"BIHUAN_LANGUAGE": "zh"})
        names = [line.split()[0] for line in said.out.splitlines() if line.strip()]
        assert [name for name in names if not CHINESE.search(name)] == [], said.out
    assert os.environ.get("BIHUAN_LANGUAGE") is None
