"""Making ready boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics import Query
from bihuan.analytics.calendar import local_date
from bihuan.analytics.trend import TrendQuery
from bihuan.catalog import repository as catalog
from bihuan.database import Database
from bihuan.insights.dashboards import repository
from bihuan.insights.dashboards.errors import TemplateEmpty
from bihuan.insights.dashboards.models import Dashboard
from bihuan.insights.dashboards.schemas import COLUMNS, DashboardInput, TileInput
from bihuan.insights.dashboards.service import create_dashboard, outputs
from bihuan.insights.saved.schemas import InsightInput
from bihuan.insights.saved.service import create_insight
from bihuan.insights.templates.boards import NEEDS, SIZES, Board, Shop, Spec, Template, dates
from bihuan.insights.templates.catalogue import BOARDS
from bihuan.insights.templates.roles import SeenEvent, cast_of
from bihuan.insights.templates.schemas import (
    BothLanguages,
    LeftOut,
    Made,
    TemplateOutput,
    TemplateTile,
)
from bihuan.insights.wire import Author

Language = Literal["zh", "en"]
# A project in which nothing happened for so long is shown as it was.
_QUIET = timedelta(days=21)
_MOST_DAYS = 365


def templates(session: Session, project: Project) -> list[TemplateOutput]:
    """The ready boards, with what the project has and lacks for them."""
    shop, made = shop_of(session, project), repository.templates_made(session, project.id)
    return [
        TemplateOutput(
            template=board.template,
            name=BothLanguages(en=board.name.en, zh=board.name.zh),
            description=BothLanguages(en=board.description.en, zh=board.description.zh),
            tiles=[
                TemplateTile(
                    title=BothLanguages(en=spec.title.en, zh=spec.title.zh),
                    chart=spec.chart,
                    missing=spec.missing(shop),
                )
                for spec in board.tiles
            ],
            made=board.template in made,
        )
        for board in BOARDS
    ]


def make(session: Session, project: Project, author: Author, template: Template, language: Language) -> Made:
    """Make a ready board with its insights.

    Raises:
        TemplateEmpty: the project has nothing that it could show.
    """
    board = next(board for board in BOARDS if board.template == template)
    shop = shop_of(session, project)
    missing = [(spec, spec.missing(shop)) for spec in board.tiles]
    usable = [spec for spec, lacks in missing if not lacks]
    if not usable:
        raise TemplateEmpty
    row = _make(session, project, author, board, shop, usable, language)
    left_out = [
        LeftOut(title=spec.title.of(language), missing=lacks, reason=_reason(lacks, language))
        for spec, lacks in missing
        if lacks
    ]
    (shown,) = outputs(session, [row], author)
    return Made(dashboard=shown, events=dict(shop.cast.events), left_out=left_out)


def make_all(database: Database, project: Project, author: Author, language: Language) -> list[Template]:
    """Make the ready boards that the project does not have yet; returns those it made."""
    with database.session() as session:
        held = repository.templates_made(session, project.id)
        shop, made = shop_of(session, project), []
        for board in BOARDS:
            usable = [spec for spec in board.tiles if not spec.missing(shop)]
            if usable and board.template not in held:
                _make(session, project, author, board, shop, usable, language)
                made.append(board.template)
    return made


def shop_of(session: Session, project: Project) -> Shop:
    """The project as its catalog knows it."""
    events = [row for row in session.scalars(catalog.events(project.id)) if row.seen_count]
    properties = catalog.properties_of(session, [row.id for row in events])
    cast = cast_of(
        [
            SeenEvent(
                row.name, row.seen_count, {name: p.seen_count for name, p in properties[row.id].items()}
            )
            for row in events
        ]
    )
    last_ms = max((row.last_seen_ms for row in events if row.last_seen_ms is not None), default=None)
    first_ms = min((row.first_seen_ms for row in events if row.first_seen_ms is not None), default=None)
    if last_ms is None or first_ms is None:
        return Shop(cast)
    if datetime.fromtimestamp(last_ms / 1000, UTC) > datetime.now(UTC) - _QUIET:
        return Shop(cast)
    zone = ZoneInfo(project.time_zone)
    last = local_date(last_ms, zone)
    first = max(local_date(first_ms, zone), last - timedelta(days=_MOST_DAYS - 1))
    return Shop(cast, dates(first, last))


def _make(
    session: Session,
    project: Project,
    author: Author,
    board: Board,
    shop: Shop,
    specs: Sequence[Spec],
    language: Language,
) -> Dashboard:
    tiles = []
    for spec, (x, y) in _laid_out(specs):
        given = InsightInput(
            name=spec.title.of(language),
            query=_labelled(spec.query(shop), spec, language),
            chart=spec.chart,
            tags=[board.template],
        )
        insight = create_insight(session, project.id, author, given)
        width, height = SIZES[spec.size]
        tiles.append(TileInput(insight_id=insight.id, x=x, y=y, w=width, h=height))
    given_board = DashboardInput(
        name=board.name.of(language),
        description=board.description.of(language),
        tags=[board.template],
        period=shop.dates,
        tiles=tiles,
    )
    return create_dashboard(session, project.id, author, given_board, template=board.template)


def _labelled(query: Query, spec: Spec, language: Language) -> Query:
    """A trend whose lines say what they are; a list of event names does not."""
    if not isinstance(query, TrendQuery):
        return query
    labels = [label.of(language) for label in spec.labels or (spec.title,)]
    series = [
        line.model_copy(update={"label": label}) for line, label in zip(query.series, labels, strict=False)
    ]
    formulas = [
        line.model_copy(update={"label": label})
        for line, label in zip(query.formulas, labels[len(query.series) :], strict=True)
    ]
    return query.model_copy(update={"series": tuple(series), "formulas": tuple(formulas)})


def _laid_out(specs: Sequence[Spec]) -> Iterator[tuple[Spec, tuple[int, int]]]:
    """Each with its place: side by side while there is room."""
    x = y = row_height = 0
    for spec in specs:
        width, height = SIZES[spec.size]
        if x + width > COLUMNS:
            x, y, row_height = 0, y + row_height, 0
        yield spec, (x, y)
        x, row_height = x + width, max(row_height, height)


def _reason(lacks: Sequence[str], language: Language) -> str:
    named = [NEEDS[need].of(language) for need in lacks]  # type: ignore[index]
    if language == "zh":
        return "项目中没有" + "，也没有".join(named) + "。"
    return "The project has not recorded " + ", nor ".join(named) + "."
