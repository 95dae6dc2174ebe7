"""Who runs a command: their settings and language, what they see, and where to speak to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console

from bihuan.cli import printing
from bihuan.cli.api import Api
from bihuan.cli.connection import connect
from bihuan.cli.data_directory import DataDirectory
from bihuan.cli.errors import SettingsInvalid
from bihuan.cli.exit_codes import exit_code
from bihuan.cli.language import say, spoken, word
from bihuan.kernel.errors import BihuanError, Language
from bihuan.settings import Settings


class Operator:
    """Whoever gave the command.

    Answers go to ``out`` (standard output), everything else to ``notes`` (standard error).
    """

    def __init__(self, settings: Settings, *, server: str | None, key: str | None, as_json: bool) -> None:
        self.settings = settings
        self.as_json = as_json
        self.language: Language = spoken()
        self.out = Console(highlight=False, soft_wrap=True)
        self.notes = Console(stderr=True, highlight=False, soft_wrap=True)
        self._server = server
        self._key = key

    def say(self, en: str, zh: str) -> str:
        """The sentence in the operator's language."""
        return say(en, zh)

    @property
    def remote(self) -> bool:
        """Whether a server was named."""
        return self._server is not None

    @property
    def directory(self) -> DataDirectory:
        """The data directory of the settings."""
        return DataDirectory(self.settings)

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

    def table(
        self,
        rows: Iterable[Sequence[Any]],
        headings: Sequence[str],
        *,
        title: str | None = None,
        note: bool = False,
    ) -> None:
        """Print a table, among the notes if it is one; ``headings`` are English and translated."""
        shown = printing.table(rows, [word(heading) for heading in headings], title=title)
        (self.notes if note else self.out).print(shown)

    def pairs(self, values: Iterable[tuple[str, Any]]) -> None:
        """Print names and values; the names are English and shown in the operator's language."""
        self.out.print(printing.pairs((word(name), value) for name, value in values))

    def fail(self, error: BihuanError) -> None:
        """Say what is wrong and how to mend it, on standard error."""
        if self.as_json:
            body = json.dumps(error.as_dict(self.language), ensure_ascii=False)
            self.notes.file.write(body + "\n")
            return
        self.notes.print(f"✗ {error.message(self.language)}", style="bold red", markup=False)
        if error.path is not None:
            self.notes.print(f"  {word('at')}: {error.path}", markup=False)
        hint = error.hint(self.language)
        if hint:
            self.notes.print(f"  {hint}", markup=False)


def read_settings(data: Path | None) -> Settings:
    """The settings, with the data directory of the command line. Raises ``SettingsInvalid``."""
    try:
        given: dict[str, Any] = {} if data is None else {"data": data}
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        raise SettingsInvalid(path=name, name=name, reason=fault["msg"]) from error


def run(function: Callable[..., None], shared: dict[str, Any], values: dict[str, Any]) -> int:
    """Run a command's function for the operator of these options; returns its exit code."""
    settings: Settings | None = None
    options = {name: shared[name] for name in ("server", "key", "as_json")}
    try:
        settings = read_settings(shared["data"])
        function(Operator(settings, **options), **values)
    except BihuanError as error:
        Operator(settings or Settings.model_construct(), **options).fail(error)
        return exit_code(error)
    return 0
