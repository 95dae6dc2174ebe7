"""``bihuan import``."""

from __future__ import annotations

import glob
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.command import Operator, ProjectOption, command
from bihuan.cli.errors import ImportFailed, InputUnreadable
from bihuan.cli.exit_codes import NOTHING_GOOD
from bihuan.cli.questions import read_yaml

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bihuan.cli.api import Api

_PIECE_BYTES = 1 << 20
_POLL_SECONDS = 0.25
MAPPING_SUFFIX = ".mapping.yaml"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "import")(import_files)


def import_files(
    operator: Operator,
    files: Annotated[
        list[str],
        typer.Argument(help="CSV, TSV, JSON (lines), Parquet, Arrow, XLSX; also gz, zst, bz2, zip."),
    ],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help="Mapping in YAML. Guessed when not given; written there when it is new."),
    ] = None,
    project: ProjectOption = None,
    source: Annotated[str, typer.Option(help="Name under which the rows are kept.")] = "import",
    time_zone: Annotated[
        str | None, typer.Option(help="Of times that carry none; otherwise the project's.")
    ] = None,
    guess_only: Annotated[
        bool, typer.Option("--guess-only", help="Show and write the guessed mapping, import nothing.")
    ] = False,
) -> None:
    """Import files of events or people. An interrupted import goes on when it is begun again.

    Rows that cannot be read go to the quarantine with their line; rows that were imported before are not
    imported twice. Exit code 4 when nothing was stored.
    """
    paths = list(_paths(files))
    mapping = _read_mapping(map_file) if map_file is not None and map_file.exists() else None
    with operator.api(work=not guess_only) as api:
        where = api.project(project)
        results = []
        for path in paths:
            upload_id = _upload(operator, api, where, path)["id"]
            chosen = mapping
            if chosen is None or guess_only:
                body = {"upload_id": upload_id, "time_zone": time_zone}
                guess = api.post(f"{where}/imports/guess", body)
                _show_guess(operator, path, guess)
                chosen = guess["mapping"]
                if guess_only or map_file is not None:
                    file = map_file or path.with_name(path.name + MAPPING_SUFFIX)
                    guess["mapping_file"] = _write_guess(operator, file, guess["yaml"])
                    mapping = None if guess_only else chosen
            if guess_only:
                api.delete(f"{where}/imports/uploads/{upload_id}")
                results.append(guess)
                continue
            body = {"upload_id": upload_id, "mapping": chosen, "source": source}
            results.append(_follow(operator, api, where, path, api.post(f"{where}/imports", body)))
    operator.answer(results, lambda: None if guess_only else _show_totals(operator, results))
    if not guess_only and not any(each["accepted"] + each["duplicates"] for each in results):
        raise typer.Exit(NOTHING_GOOD)


def _paths(patterns: list[str]) -> Iterator[Path]:
    for pattern in patterns:
        found = [pattern] if Path(pattern).is_file() else sorted(glob.glob(pattern, recursive=True))
        files = [Path(each) for each in found if Path(each).is_file()]
        if not files:
            raise InputUnreadable(path="files", name=pattern, reason="no such file", reason_zh="文件不存在")
        yield from files


def _read_mapping(file: Path) -> dict[str, Any]:
    try:
        mapping = read_yaml(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadable(path="map", name=str(file), reason=str(error)) from error
    if not isinstance(mapping, dict):
        raise InputUnreadable(path="map", name=str(file), reason="not an object", reason_zh="不是对象")
    return mapping


def _write_guess(operator: Operator, file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    note = operator.say(
        f"The mapping is in {file}; edit it and import with --map.",
        f"映射已写入 {file}，编辑后用 --map 导入。",
    )
    operator.notes.print(note, markup=False)
    return str(file)


def _upload(operator: Operator, api: Api, where: str, path: Path) -> Any:
    with _progress(operator) as progress:
        task = progress.add_task(operator.say("reading", "读取"), total=path.stat().st_size, note=path.name)
        pieces = _pieces(path, progress, task)
        return api.send("POST", f"{where}/imports/uploads", pieces, name=path.name)


def _pieces(path: Path, progress: Progress, task: TaskID) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
            progress.advance(task, len(piece))


def _progress(operator: Operator) -> Progress:
    # Here, because help and completion do without.
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeElapsedColumn(),
        console=operator.notes,
        transient=True,
        disable=operator.as_json or not operator.notes.is_terminal,
    )


def _follow(operator: Operator, api: Api, where: str, path: Path, job: Any) -> dict[str, Any]:
    address = f"{where}/jobs/{job['id']}"
    try:
        with _progress(operator) as progress:
            task = progress.add_task(
                operator.say("importing", "导入"), total=path.stat().st_size, note=path.name
            )
            while job["finished_at"] is None and job["state"] in ("queued", "running"):
                progress.update(task, completed=job["done"], note=_readable(job["note"]))
                time.sleep(_POLL_SECONDS)
                job = api.get(address)
    except KeyboardInterrupt:
        # Cancelled, so that it does not go on by itself beside the next try.
        api.delete(address)
        raise
    if job["state"] != "succeeded":
        raise ImportFailed(name=path.name, reason=job["error"] or job["state"])
    result: dict[str, Any] = job["result"]
    return {**result, "file": str(path)}


def _readable(note: str | None) -> str:
    """``rows=120000 rejected=3 …`` with thousands apart."""
    words = [word.partition("=") for word in (note or "").split()]
    return "  ".join(f"{name.replace('_per_second', '/s')} {int(value):,}" for name, _, value in words)


def _show_guess(operator: Operator, path: Path, guess: Any) -> None:
    if operator.as_json:
        return
    rows = [
        (each["column"], each["role"], each["name"], each["type"], each["why"], ", ".join(each["examples"]))
        for each in guess["columns"]
    ]
    headings = ("column", "taken for", "property", "type", "why", "examples")
    operator.table(rows, headings, title=str(path), note=True)
    for warning in guess["warnings"]:
        operator.notes.print(f"! {warning}", style="yellow", markup=False)


def _show_totals(operator: Operator, results: list[dict[str, Any]]) -> None:
    rows = [
        (
            Path(each["file"]).name,
            each["rows"],
            each["accepted"],
            each["duplicates"],
            each["rejected"],
            each["skipped"],
            each["rows"] / each["seconds"] if each["seconds"] else None,
        )
        for each in results
    ]
    headings = ("file", "rows", "stored", "known already", "quarantine", "skipped", "rows/s")
    operator.table(rows, headings)
    if any(each["rejected"] for each in results):
        operator.notes.print(
            operator.say(
                "`bihuan quarantine list` shows why rows were set aside.",
                "`bihuan quarantine list` 可查看隔离原因。",
            )
        )
