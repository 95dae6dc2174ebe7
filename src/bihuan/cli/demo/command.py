"""``bihuan demo``: load the study, print its answers, serve it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bihuan.app import Installation
from bihuan.cli.data_directory import DataDirectory
from bihuan.cli.demo.answers import Answers
from bihuan.cli.demo.boards import make_boards, make_subjects
from bihuan.cli.demo.dataset import read_study
from bihuan.cli.demo.loading import EVENTS, PROJECT_ID, load, open_demo, stored_events
from bihuan.cli.errors import DataDirectoryBusy, ServerRunning
from bihuan.cli.hosting import check_address, run_server
from bihuan.cli.operator import Operator
from bihuan.insights import context
from bihuan.projects import OpenProject
from bihuan.warehouse import settle


def demo(operator: Operator, *, port: int | None, serve: bool) -> None:
    """Load the Complete Journey study, print what it answers, and serve it on loopback."""
    settings, directory = operator.settings, DataDirectory(operator.settings)
    with directory.lock() as ours:
        if not ours:
            running = directory.server()
            if running is not None:
                raise ServerRunning(directory=str(settings.data), address=running.address)
            raise DataDirectoryBusy(directory=str(settings.data))
        if serve:
            check_address(settings, port)
        installation = Installation(settings)
        try:
            _load_and_print(operator, installation)
        finally:
            installation.close()
    _show_next(operator)
    if serve:
        run_server(operator, settings.host, port)


def _load_and_print(operator: Operator, installation: Installation) -> None:
    say, out = operator.say, operator.out
    project = open_demo(installation)
    started = time.monotonic()
    if stored_events(project) < EVENTS:
        out.print(
            say(
                "Loading the Complete Journey study: a year of purchases of 2,469 households. "
                "Once only, one to two minutes.",
                "正在载入 Complete Journey 数据集：2,469 个家庭一年的购买记录。仅此一次，约一两分钟。",
            )
        )
        _load(operator, installation)
    count = stored_events(project)
    seconds = time.monotonic() - started
    out.print(
        say(
            f"{count:,} events in project {PROJECT_ID} ({seconds:.0f} s).",
            f"项目 {PROJECT_ID} 中有 {count:,} 个事件（{seconds:.0f} 秒）。",
        )
    )
    _settle(operator, project)
    made = make_boards(installation, project, operator.language)
    if made:
        boards = ", ".join(made)
        out.print(say(f"Dashboards made: {boards}.", f"已生成看板：{boards}。"))
    _make_subjects(operator, installation, project)
    answers = Answers(project, context(project.row, project.store), say)
    for question, answer in answers.all():
        out.print()
        out.print(question, style="bold cyan")
        out.print(answer)


def _settle(operator: Operator, project: OpenProject) -> None:
    """So that the first board is as quick as any later one."""
    say = operator.say
    with Progress(TextColumn("{task.description}"), BarColumn(), console=operator.notes) as progress:
        task = progress.add_task(say("ordering the months", "整理各月数据"), total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        settle(project.store, quiet_seconds=0, progress=report)


def _make_subjects(operator: Operator, installation: Installation, project: OpenProject) -> None:
    say = operator.say
    with Progress(TextColumn("{task.description}"), BarColumn(), console=operator.notes) as progress:
        task = progress.add_task(say("tags and audiences", "标签与人群"), total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        made = make_subjects(installation, project, operator.language, report)
    if made:
        names = ", ".join(made)
        operator.out.print(say(f"Tags and audiences made: {names}.", f"已生成标签与人群：{names}。"))


def _load(operator: Operator, installation: Installation) -> None:
    say = operator.say
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=operator.notes) as progress:
        task = progress.add_task(say("events", "事件"), total=None, note="")
        started = time.monotonic()

        def report(done: int, total: int) -> None:
            rate = done / max(time.monotonic() - started, 1e-3)
            each_second = say(f"{rate:,.0f} a second", f"每秒 {rate:,.0f}")
            progress.update(task, completed=done, total=total, note=f"{done:,} / {total:,}   {each_second}")

        load(installation.project(PROJECT_ID), read_study(), report)


def _show_next(operator: Operator) -> None:
    """What a newcomer may try in another terminal."""
    own = _own_name()
    data = (
        ""
        if str(operator.settings.data) == ".bihuan"
        else f" --data {shlex.quote(str(operator.settings.data))}"
    )
    project = f" -p {PROJECT_ID}{data}"
    trend = f"{own} query trend --set series.0.selector.events.0=basket --set interval=week"
    operator.out.print()
    operator.out.print(operator.say("Go on in another terminal:", "可在另一个终端继续："), style="bold")
    for line in (
        f"{trend} --from 2017-01-01 --to 2017-12-31{project}",
        f"{own} people show household-1{project}",
        f"{own} query kinds{project}",
    ):
        operator.out.print(f"  {line}", markup=False)
    operator.out.print()


def _own_name() -> str:
    """How this program is called from here."""
    found = shutil.which("bihuan")
    beside = Path(sys.executable).with_name("bihuan")
    if found is not None and Path(found).resolve() == beside.resolve():
        return "bihuan"
    return shlex.quote(os.path.relpath(beside)) if beside.exists() else "python -m bihuan"
