"""Boards, metrics, tags, annotations and stars on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bihuan.access import ProjectInput, create_project
from bihuan.database import CursorInvalid, Database
from bihuan.insights import stars
from bihuan.insights.annotations import service as annotations
from bihuan.insights.annotations.models import Annotation
from bihuan.insights.annotations.schemas import AnnotationInput
from bihuan.insights.dashboards import repository as boards
from bihuan.insights.dashboards import service as dashboards
from bihuan.insights.dashboards.schemas import DashboardChange, DashboardInput
from bihuan.insights.metrics import service as metrics
from bihuan.insights.metrics.errors import MetricExists, MetricInUse
from bihuan.insights.metrics.schemas import MetricInput
from bihuan.insights.paging import newest_first
from bihuan.insights.saved import repository as saved
from bihuan.insights.saved.schemas import InsightInput
from bihuan.insights.saved.service import create_insight, delete_insight
from bihuan.insights.wire import Author

ORDERS = {"kind": "trend", "series": [{"selector": {"events": ["order"]}}]}


@pytest.fixture
def shop(database: Database) -> Database:
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
    return database


def insight(**given: Any) -> InsightInput:
    return InsightInput.model_validate({"name": "Orders", "query": ORDERS, **given})


def test_a_board_keeps_its_values_and_loses_tiles_with_their_insight(shop: Database, author: Author) -> None:
    flag = {"type": "flag", "property": {"name": "paid"}, "operator": "is_true"}
    with shop.session() as session:
        one, two = (create_insight(session, "shop", author, insight()) for _ in range(2))
        places = [{"insight_id": row.id, "x": 0, "y": y, "w": 6, "h": 4} for y, row in enumerate((one, two))]
        given = {"name": "Board", "filters": flag, "tags": ["a", "b"], "tiles": places}
        board = dashboards.create_dashboard(session, "shop", author, DashboardInput.model_validate(given))
    with shop.session() as session:
        (shown,) = dashboards.outputs(session, [dashboards.get_dashboard(session, "shop", board.id)], author)
        assert shown.filters is not None
        assert shown.filters.model_dump(mode="json")["property"]["name"] == "paid"
        kept = [tile.model_dump() for tile in shown.tiles]
        change = DashboardChange.model_validate({"tiles": kept[::-1], "filters": None})
        dashboards.change_dashboard(session, "shop", board.id, author, change)
    with shop.session() as session:
        delete_insight(session, "shop", one.id)
    with shop.read_session() as session:
        row = dashboards.get_dashboard(session, "shop", board.id)
        (shown,) = dashboards.outputs(session, [row], author)
        assert [(tile.id, tile.insight_id) for tile in shown.tiles] == [(kept[1]["id"], two.id)]
        assert (shown.filters, shown.tags) == (None, ["a", "b"])
        assert saved.tags(session, "shop") == {"a": 1, "b": 1}
        assert list(session.scalars(boards.dashboards("shop", tag="b", search="oar"))) == [row]
        assert list(session.scalars(boards.dashboards("shop", tag="c"))) == []


def test_a_metric_is_held_by_what_uses_it(shop: Database, author: Author) -> None:
    with shop.session() as session:
        metric = metrics.create_metric(
            session, "shop", author, MetricInput.model_validate({"name": "Orders", "query": ORDERS})
        )
        query = {"kind": "trend", "series": [{"metric": metric.id}]}
        row = create_insight(session, "shop", author, insight(query=query))
    with shop.session() as session, pytest.raises(MetricExists):
        metrics.create_metric(
            session, "shop", author, MetricInput.model_validate({"name": "Orders", "query": ORDERS})
        )
    with shop.session() as session, pytest.raises(MetricInUse):
        metrics.delete_metric(session, "shop", metric.id)
    with shop.session() as session:
        delete_insight(session, "shop", row.id)
    with shop.session() as session:
        metrics.delete_metric(session, "shop", metric.id)


def test_stars_pages_and_moments(shop: Database, author: Author) -> None:
    other = Author(kind="key", id=author.id, name="A key with a member's id")
    with shop.session() as session:
        row = create_insight(session, "shop", author, insight())
        for _ in range(2):
            stars.set_star(session, "shop", author, row.id, starred=True)
    with shop.session() as session:
        assert stars.starred_among(session, author, [row.id]) == {row.id}
        assert stars.starred_among(session, other, [row.id]) == set()
        at = datetime(2026, 11, 11, 1, 2, 3, 456_000, UTC)
        given = [AnnotationInput(time=at, text=f"{number}") for number in range(5)]
        ids = [annotations.create_annotation(session, "shop", author, each).id for each in given]
    with shop.read_session() as session:
        found: list[str] = []
        cursor: str | None = None
        while cursor is not None or not found:
            wanted = annotations.recorded("shop", from_time=at)
            rows, cursor = newest_first(session, wanted, Annotation.id, cursor, 2)
            found += [each.id for each in rows]
            assert {each.time for each in rows} == {at}
        assert found == ids[::-1]
        with pytest.raises(CursorInvalid):
            newest_first(session, annotations.recorded("shop"), Annotation.id, "?", 2)
