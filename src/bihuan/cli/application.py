"""The command line as a whole."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from bihuan.cli.commands import (
    audience,
    backup,
    campaign,
    catalog,
    demonstrating,
    doctor,
    experiment,
    exporting,
    importing,
    imports,
    initialising,
    journey,
    keys,
    members,
    messages,
    people,
    prediction,
    projects,
    quarantine,
    querying,
    serving,
    tag,
    template,
)
from bihuan.cli.help import Root
from bihuan.kernel.garbage import look_seldom

app = typer.Typer(
    name="bihuan",
    cls=Root,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "闭环 Bihuan: one self-hosted system for operating internet products.\n\n"
        "Begin with `bihuan init` and `bihuan serve`. Settings come from the options, "
        "the environment (BIHUAN_…), then bihuan.toml."
    ),
    epilog=(
        "Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 3 nothing answers, or the directory is "
        "busy · 4 an import stored nothing, or a check of doctor failed."
    ),
)


def _version(asked: bool) -> None:
    if asked:
        from bihuan import __version__  # noqa: PLC0415

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before the command."""


for group in (
    initialising,
    serving,
    projects,
    keys,
    members,
    importing,
    imports,
    exporting,
    querying,
    catalog,
    quarantine,
    people,
    audience,
    tag,
    prediction,
    experiment,
    template,
    messages,
    journey,
    campaign,
    doctor,
    backup,
    demonstrating,
):
    group.register(app)


def main() -> None:
    """The entry point ``bihuan``."""
    look_seldom()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
