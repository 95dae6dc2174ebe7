"""Making and keeping reports."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Acting, Project
from bihuan.analytics.calendar import local_date
from bihuan.analytics.query import Dates
from bihuan.analytics.trend import TrendQuery, TrendResult, TrendSeries
from bihuan.campaigns.judging.models import CampaignReport
from bihuan.campaigns.judging.report import ran, report_of
from bihuan.campaigns.judging.schemas import GoalFigures, Report
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import Hypothesis, Plan
from bihuan.campaigns.running.messenger import Messenger, occurrence_of
from bihuan.campaigns.service import get_campaign
from bihuan.database import Database
from bihuan.insights import QueryService
from bihuan.insights.metrics import repository as metrics
from bihuan.warehouse import ProjectStore


def report_now(
    database: Database,
    queries: QueryService,
    project: Project,
    store: ProjectStore,
    messenger: Messenger,
    campaign_id: str,
) -> Report:
    """The report as it is at this moment. Raises ``CampaignNotFound``, ``ReportTooEarly``."""
    with database.read_session() as session:
        row = get_campaign(session, project.id, campaign_id)
        occurrence = occurrence_of(campaign_id)
        states = messenger.states(session, project.id, occurrence)
        of = ran(session, row, states, messenger.spent(session, project.id, occurrence))
    goal = goal_of(database, queries, project, store, row)
    return report_of(project, store, of, goal)


def kept_report(session: Session, campaign_id: str) -> Report | None:
    """The newest report that was kept."""
    newest = select(CampaignReport).where(CampaignReport.campaign_id == campaign_id)
    found = session.scalar(newest.order_by(CampaignReport.id.desc()).limit(1))
    return None if found is None else Report.model_validate(found.body)


def keep_report(session: Session, who: Acting, report: Report) -> None:
    """Keep a report as it is now."""
    by = {"kind": who.actor.kind, "id": who.actor.id, "name": who.actor.name}
    body = report.model_dump(mode="json")
    session.add(CampaignReport(campaign_id=report.campaign_id, by=by, body=body))


def measured_hypothesis(session: Session, row: Campaign) -> Hypothesis | None:
    """What was measured of a campaign, as what to expect of the next; None before it was evaluated."""
    kept = kept_report(session, row.id)
    return None if kept is None else kept.next_hypothesis


def goal_of(
    database: Database, queries: QueryService, project: Project, store: ProjectStore, row: Campaign
) -> GoalFigures | None:
    """The goal's metric over the campaign's days so far; None without a goal, or where its metric is gone."""
    goal = Plan.model_validate(row.plan).goal
    if goal.metric_id is None or row.started_at is None:
        return None
    with database.read_session() as session:
        metric = metrics.find_metric(session, project.id, goal.metric_id)
    if metric is None:
        return None
    now_ms = project.present_ms()
    zone = ZoneInfo(project.time_zone)
    first = local_date(round(row.started_at.timestamp() * 1000), zone)
    ended = now_ms if row.finished_at is None else round(row.finished_at.timestamp() * 1000)
    last = max(first, local_date(min(ended, now_ms), zone))
    last = min(last, first + timedelta(days=4_000))
    period = Dates(from_date=first, to_date=last)
    query = TrendQuery(period=period, interval="day", series=(TrendSeries(metric=metric.id),))
    result = TrendResult.model_validate_json(queries.answer(project, store, query).body)
    value = result.lines[0].total if result.lines else None
    return GoalFigures(metric_id=metric.id, name=metric.name, target=goal.target, value=value)
