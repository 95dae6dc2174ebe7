"""Making public links, and what they show."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.database import Database, utc_now
from bihuan.insights.dashboards import repository as dashboards
from bihuan.insights.dashboards.models import Dashboard, Tile
from bihuan.insights.dashboards.results import BoardTile, board_tiles, tile_of
from bihuan.insights.dashboards.schemas import ResultsQuestion, period_adapter
from bihuan.insights.dashboards.service import get_dashboard, read_part
from bihuan.insights.saved.errors import InsightUnreadable
from bihuan.insights.saved.models import Insight
from bihuan.insights.saved.service import get_insight
from bihuan.insights.sharing.errors import ExpiryInvalid, PublicLinkNotFound
from bihuan.insights.sharing.models import PublicLink
from bihuan.insights.sharing.schemas import LinkInput, PublicLinkOutput, as_origin
from bihuan.insights.wire import Author

TOKEN_PREFIX = "pl_"
MOST_DAYS = 730
EMBED_SETTING = "embed_origins"


@dataclass(frozen=True)
class Shown:
    """What a link shows: the insight or board, its tiles, and what to ask for each."""

    link: PublicLink
    project: Project
    target: Insight | Dashboard
    tiles: Sequence[Tile]
    asked: Sequence[BoardTile]


def create_link(
    session: Session, project_id: str, author: Author, given: LinkInput, **target: str
) -> tuple[PublicLink, str]:
    """A link to ``insight_id`` or ``dashboard_id``, and its token.

    Raises:
        ExpiryInvalid, InsightNotFound, DashboardNotFound.
    """
    _check_target(session, project_id, **target)
    now = utc_now()
    if not now < given.expires_at <= now + timedelta(days=MOST_DAYS):
        raise ExpiryInvalid(most_days=MOST_DAYS, path="expires_at")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = PublicLink(
        project_id=project_id,
        token_sha256=_hash(token),
        token_ending=token[-4:],
        period=None if given.period is None else json.loads(given.period.model_dump_json()),
        expires_at=given.expires_at,
        created_by=author.model_dump(),
        **target,
    )
    session.add(row)
    session.flush()
    return row, token


def links(session: Session, project_id: str, **target: str) -> Select[PublicLink]:
    """The links to ``insight_id`` or ``dashboard_id``. Raises ``InsightNotFound``, ``DashboardNotFound``."""
    _check_target(session, project_id, **target)
    return select(PublicLink).where(PublicLink.project_id == project_id).filter_by(**target)


def delete_link(session: Session, project_id: str, link_id: str, **target: str) -> None:
    """Withdraw a link, at once. Raises ``PublicLinkNotFound`` and what :func:`links` raises."""
    row = session.scalar(links(session, project_id, **target).where(PublicLink.id == link_id))
    if row is None:
        raise PublicLinkNotFound
    session.delete(row)


def output(row: PublicLink) -> PublicLinkOutput:
    """A link on the wire."""
    return PublicLinkOutput(
        id=row.id,
        token_ending=row.token_ending,
        period=read_part(period_adapter, row.period),
        expires_at=row.expires_at,
        expired=row.expires_at <= utc_now(),
        created_by=Author(**row.created_by),
        created_at=row.created_at,
    )


def shown(database: Database, token: str) -> Shown:
    """What the link with this token shows now.

    Raises:
        PublicLinkNotFound.
        InsightUnreadable: the period or the board's filter cannot be read any more.
    """
    with database.read_session() as session:
        link, project = find_link(session, token)
        if link.insight_id is not None:
            insight = get_insight(session, project.id, link.insight_id)
            place = Tile(id=insight.id, insight_id=insight.id, text=None, x=0, y=0, w=12, h=8)
            asked = [tile_of(insight.id, insight, (), _period(link))]
            return Shown(link, project, insight, [place], asked)
        board = get_dashboard(session, project.id, link.dashboard_id or "")
        tiles = dashboards.tiles_of(session, [board.id])[board.id]
    question = ResultsQuestion(period=_period(link))
    return Shown(link, project, board, tiles, board_tiles(database, project.id, board.id, question))


def find_link(session: Session, token: str) -> tuple[PublicLink, Project]:
    """The link with this token, while it holds. Raises ``PublicLinkNotFound``."""
    row = session.scalar(select(PublicLink).where(PublicLink.token_sha256 == _hash(token)))
    if row is None or row.expires_at <= utc_now():
        raise PublicLinkNotFound
    return row, session.get_one(Project, row.project_id)


def origins_of(project: Project) -> list[str]:
    """The web origins that may show this project's public pages in a frame."""
    stored = project.settings.get(EMBED_SETTING)
    found = []
    for each in stored if isinstance(stored, list) else []:
        # Settings are free: what is no origin must not get into a header.
        try:
            found.append(as_origin(each))
        except (ValueError, AttributeError):
            continue
    return found


def origins_for(database: Database, token: str) -> list[str]:
    """The web origins that may show a link's page in a frame; none for a link that does not hold."""
    try:
        with database.read_session() as session:
            return origins_of(find_link(session, token)[1])
    except PublicLinkNotFound:
        return []


def _period(link: PublicLink) -> Any:
    if link.period is None:
        return None
    period = read_part(period_adapter, link.period)
    if period is None:
        # Another period than the chosen one must not be shown.
        raise InsightUnreadable(reason="period", path="period")
    return period


def _check_target(
    session: Session, project_id: str, insight_id: str | None = None, dashboard_id: str | None = None
) -> None:
    if insight_id is not None:
        get_insight(session, project_id, insight_id)
    if dashboard_id is not None:
        get_dashboard(session, project_id, dashboard_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
