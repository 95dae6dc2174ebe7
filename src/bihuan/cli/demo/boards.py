"""The ready boards, tags and audiences of the demo's project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.app import Installation
from bihuan.audiences.starting import Shop, Starting
from bihuan.catalog import learn
from bihuan.insights.templates import make_all
from bihuan.insights.wire import Author
from bihuan.kernel.errors import Language
from bihuan.projects import OpenProject

SHOP = Shop(
    active=EventSelector(events=("basket",)),
    orders=EventSelector(events=("basket",)),
    paid=EventSelector(events=("purchase",)),
    revenue=PropertyRef(name="$revenue"),
    reactions=EventSelector(events=("coupon_redeemed",)),
)
BEGIN = date(2017, 1, 1)


def make_subjects(
    installation: Installation, project: OpenProject, language: Language, progress: Callable[[int, int], None]
) -> list[str]:
    """Make the tags and audiences that are not there, with their history; returns their names."""
    author = Author(kind="key", id="demo", name="bihuan demo")
    starting = Starting(installation.database, project.row, project.store, author, language)
    return starting.make(SHOP, BEGIN, progress)


def make_boards(installation: Installation, project: OpenProject, language: Language) -> list[str]:
    """Make the ready boards that are not there; returns the names of their templates."""
    database = installation.database
    # Nothing else is being stored, so what is there can be learned at once.
    while learn(database, project.row.id, project.store, settle_seconds=0):
        pass
    return list(make_all(database, project.row, Author(kind="key", id="demo", name="bihuan demo"), language))
