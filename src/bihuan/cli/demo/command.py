"""``bihuan demo``: load the study, print its answers, serve it."""

from __future__ import annotations

import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bihuan.app import Installation
from bihuan.cli.command import Operator
from bihuan.cli.data_directory import DataDirectory
from bihuan.cli.demo.answers import Answers
from bihuan.cli.demo.dataset import read_study
from bihuan.cli.demo.loading import EVENTS, PROJECT_ID, load, open_demo, stored_events
from bihuan.cli.errors import DataDirectoryBusy, ServerRunning
from bihuan.cli.hosting import run_server
from bihuan.insights import context


def demo(operator: Operator, *, port: int | None, serve: bool) -> None:
    """Load the Complete Journey study, print what it answers, and serve it on loopback."""
    settings, directory = operator.settings, DataDirectory(operator.settings)
    with directory.lock() as ours:
        if not ours:
            running = directory.server()
            if running is not None:
                raise ServerRunning(directory=str(settings.data), address=running.address)
            raise DataDirectoryBusy(directory=str(settings.data))
        installation = Installation(settings)
        try:
            _load_and_print(operator, installation)
        finally:
            installation.close()
    if serve:
        run_server(operator, settings.host, port)


def _load_and_print(operator: Operator, installation: Installation) -> None:
    say, out = operator.say, operator.out
    project = open_demo(installation)
    started = time.monotonic()
    if stored_events(project) < EVENTS:
        out.print(
            say(
                "Loading the Complete Journey study: a year of purchases of 2,469 households.",
                "正在载入 Complete Journey 数据集：2,469 个家庭一年的购买记录。",
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
    answers = Answers(project, context(project.row, project.store), say)
    for question, answer in answers.all():
        out.print()
        out.print(question, style="bold cyan")
        out.print(answer)


def _load(operator: Operator, installation: Installation) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=operator.notes) as progress:
        task = progress.add_task(operator.say("items", "条目"), total=None, rate="")
        started = time.monotonic()

        def report(done: int, total: int) -> None:
            rate = done / max(time.monotonic() - started, 1e-3)
            progress.update(task, completed=done, total=total, rate=f"{rate:,.0f}/s")

        load(installation.project(PROJECT_ID), read_study(), report)
