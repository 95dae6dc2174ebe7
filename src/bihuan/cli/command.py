"""What every command shares: its options, and loading what it needs only when it runs.

The modules of the commands are loaded for every ``--help`` and every completion of a shell, so they import
nothing heavier than typer; ``tests/cli/test_help.py`` checks that.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from bihuan.cli import language
from bihuan.cli.help import Command, Group

if TYPE_CHECKING:
    from bihuan.cli.operator import Operator
else:
    # The real one is made when a command runs; until then only the name is needed, in annotations.
    Operator = object

__all__ = ["LimitOption", "Operator", "ProjectOption", "command", "command_group"]

_SHARED = "Shared options"
DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="BIHUAN_DATA", rich_help_panel=_SHARED, help="Data directory."),
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        envvar="BIHUAN_SERVER",
        rich_help_panel=_SHARED,
        help="Address of a server; otherwise the one on the data directory, or this process.",
    ),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        envvar="BIHUAN_KEY",
        rich_help_panel=_SHARED,
        help="API key; otherwise the first key, in the data directory's admin.key.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", rich_help_panel=_SHARED, help="Answer in JSON, for programs.")
]
# Read before the command line is parsed (bihuan.cli.language); here for help, completion and refusal.
LanguageOption = Annotated[
    Literal["en", "zh"] | None,
    typer.Option(
        language.OPTION,
        rich_help_panel=_SHARED,
        help=language.EXPLANATION,
    ),
]
ProjectOption = Annotated[
    str | None,
    typer.Option("--project", "-p", envvar="BIHUAN_PROJECT", help="Project; not needed when there is one."),
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most this many.")]
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "data": (DataOption, None),
    "server": (ServerOption, None),
    "key": (KeyOption, None),
    "as_json": (JsonOption, False),
    "lang": (LanguageOption, None),
}


def command_group(help: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(cls=Group, no_args_is_help=True, help=help)


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a command. Its first parameter is the operator; the shared options are added."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        own = list(inspect.signature(function).parameters.values())[1:]

        @functools.wraps(function)
        def run(**values: Any) -> None:
            shared = {option: values.pop(option) for option in _OPTIONS}
            _run(function, shared, values)

        parameters = [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in own
        ]
        parameters += [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for option, (kind, default) in _OPTIONS.items()
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name, cls=Command)(run)
        return function

    return register


def _run(function: Callable[..., None], shared: dict[str, Any], values: dict[str, Any]) -> None:
    from bihuan.cli.operator import run  # noqa: PLC0415

    try:
        code = run(function, shared, values)
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        code = 0
    if code:
        raise typer.Exit(code)
