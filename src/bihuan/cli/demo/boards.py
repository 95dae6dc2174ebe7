"""The ready boards of the demo's project."""

from __future__ import annotations

from bihuan.app import Installation
from bihuan.catalog import learn
from bihuan.insights.templates import make_all
from bihuan.insights.wire import Author
from bihuan.kernel.errors import Language
from bihuan.projects import OpenProject


def make_boards(installation: Installation, project: OpenProject, language: Language) -> list[str]:
    """Make the ready boards that are not there; returns the names of their templates."""
    database = installation.database
    # Nothing else is being stored, so what is there can be learned at once.
    while learn(database, project.row.id, project.store, settle_seconds=0):
        pass
    return list(make_all(database, project.row, Author(kind="key", id="demo", name="bihuan demo"), language))
