"""What every command shares: the options, the operator's language, and one way to fail."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import ValidationError
from rich.console import Console

from bihuan.cli.api import Api
from bihuan.cli.connection import connect
from bihuan.cli.errors import SettingsInvalid
from bihuan.cli.exit_codes import exit_code
from bihuan.kernel.errors import BihuanError, Language
from bihuan.settings import Settings

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
        show_envvar=True,
        rich_help_panel=_SHARED,
        help="API key; otherwise the first key, in the data directory's admin.key.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", rich_help_panel=_SHARED, help="Answer in JSON, for programs.")
]
ProjectOption = Annotated[
    str | None,
    typer.Option("--project", "-p", envvar="BIHUAN_PROJECT", help="Project; not needed when there is one."),
]
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "data": (DataOption, None),
    "server": (ServerOption, None),
    "key": (KeyOption, None),
    "as_json": (JsonOption, False),
}


class Operator:
    """Who runs a command: their settings and language, and where to speak to them.

    Answers go to ``out`` (standard output), everything else to ``notes`` (standard error).
    """

    def __init__(
        self, settings: Settings, *, server: str | None, key: str | None, as_json: bool, language: Language
    ) -> None:
        self.settings = settings
        self.as_json = as_json
        self.language: Language = language
        self.out = Console(highlight=False, soft_wrap=True)
        self.notes = Console(stderr=True, highlight=False, soft_wrap=True)
        self._server = server
        self._key = key

    def say(self, en: str, zh: str) -> str:
        """The sentence in the operator's language."""
        return zh if self.language == "zh" else en

    @property
    def remote(self) -> bool:
        """Whether a server was named."""
        return self._server is not None

    @contextmanager
    def api(self, *, work: bool = False) -> Iterator[Api]:
        """The API; raises as ``connection.connect``."""
        with connect(self.settings, self.language, server=self._server, key=self._key, work=work) as api:
            yield api

    def answer(self, value: Any, show: Callable[[], None]) -> None:
        """``value`` as JSON where that was asked for, else what ``show`` prints."""
        if self.as_json:
            self.out.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        else:
            show()

    def fail(self, error: BihuanError) -> None:
        """Say what is wrong and how to mend it, on standard error."""
        if self.as_json:
            body = json.dumps(error.as_dict(self.language), ensure_ascii=False)
            self.notes.file.write(body + "\n")
            return
        self.notes.print(f"✗ {error.message(self.language)}", style="bold red", markup=False)
        if error.path is not None:
            self.notes.print(f"  {self.say('at', '位置')}: {error.path}", markup=False)
        hint = error.hint(self.language)
        if hint:
            self.notes.print(f"  {hint}", markup=False)


def operator_language(settings: Settings | None) -> Language:
    """The setting, else Chinese where the terminal is, else English."""
    if settings is not None and "language" in settings.model_fields_set:
        return settings.language
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "zh" if spoken.lower().startswith("zh") else "en"


def command(
    app: typer.Typer, name: str, **details: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
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
        app.command(name, **details)(run)
        return function

    return register


def _run(function: Callable[..., None], shared: dict[str, Any], values: dict[str, Any]) -> None:
    settings: Settings | None = None
    options = {name: shared[name] for name in ("server", "key", "as_json")}
    try:
        settings = read_settings(shared["data"])
        function(Operator(settings, **options, language=operator_language(settings)), **values)
    except BihuanError as error:
        speaker = settings or Settings.model_construct()
        Operator(speaker, **options, language=operator_language(settings)).fail(error)
        raise typer.Exit(exit_code(error)) from error
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        raise typer.Exit(0) from None


def read_settings(data: Path | None) -> Settings:
    """The settings, with the data directory of the command line. Raises ``SettingsInvalid``."""
    try:
        given: dict[str, Any] = {} if data is None else {"data": data}
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        raise SettingsInvalid(path=name, name=name, reason=fault["msg"]) from error
