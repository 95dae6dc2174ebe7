"""What is on between two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.campaigns.calendar.overlap import shared_people, sizes_of
from bihuan.campaigns.calendar.schemas import Calendar, Conflict, Due, Entry
from bihuan.campaigns.findings import Sentence
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import Plan
from bihuan.campaigns.work.models import CampaignTask
from bihuan.warehouse import ProjectStore

MOST_ENTRIES = 200


def calendar_of(
    session: Session, project: Project, store: ProjectStore, from_day: date, to_day: date
) -> Calendar:
    """Campaigns that run between two days (both included), tasks due then, and conflicts."""
    zone = ZoneInfo(project.time_zone)
    start, end = _moment(from_day, zone), _moment(to_day + timedelta(days=1), zone)
    rows = _rows(session, project.id, start, end)
    sizes = sizes_of(store, rows)
    entries = [_entry(row, zone, sizes[row.id]) for row in rows]
    due = select(CampaignTask, Campaign.name).join(Campaign, Campaign.id == CampaignTask.campaign_id)
    due = due.where(
        Campaign.project_id == project.id, CampaignTask.due_at >= start, CampaignTask.due_at < end
    ).order_by(CampaignTask.due_at)
    tasks = [_due(task, name, zone) for task, name in session.execute(due.limit(1_000))]
    return Calendar(
        from_day=from_day,
        to_day=to_day,
        entries=entries,
        tasks=tasks,
        conflicts=conflicts_of(store, rows, entries),
    )


def conflicts_of(store: ProjectStore, rows: Sequence[Campaign], entries: Sequence[Entry]) -> list[Conflict]:
    """Every two campaigns that share people or a channel while both run, or begin on the same day."""
    together = [
        (one, two)
        for one, two in combinations(entries, 2)
        if one.first_day <= two.last_day and two.first_day <= one.last_day
    ]
    if not together:
        return []
    concerned = {each.campaign_id for pair in together for each in pair}
    shared = shared_people(store, [row for row in rows if row.id in concerned])
    found: list[Conflict] = []
    for one, two in together:
        first, second = sorted((one.campaign_id, two.campaign_id))
        found += _of_pair(one, two, shared.get((first, second), 0))
    return found


def _of_pair(one: Entry, two: Entry, people: int) -> list[Conflict]:
    days = (max(one.first_day, two.first_day), min(one.last_day, two.last_day))
    names = (one.name, two.name)
    found: list[Conflict] = []
    if people:
        words = (
            f"{people} people are in both '{names[0]}' and '{names[1]}' while both run.",
            f"“{names[0]}”与“{names[1]}”同期进行，有 {people} 人重合。",
        )
        found.append(_conflict("people", one, two, days, words, people=people))
    channels = [each for each in one.channel_ids if each in two.channel_ids]
    if channels:
        words = (
            f"'{names[0]}' and '{names[1]}' send by the same channel while both run.",
            f"“{names[0]}”与“{names[1]}”同期使用同一渠道。",
        )
        found.append(_conflict("channel", one, two, days, words, channels=channels))
    if one.first_day == two.first_day:
        words = (
            f"'{names[0]}' and '{names[1]}' begin on the same day, {one.first_day}.",
            f"“{names[0]}”与“{names[1]}”在同一天（{one.first_day}）开始。",
        )
        found.append(_conflict("day", one, two, (one.first_day, one.first_day), words))
    return found


def _conflict(
    kind: str,
    one: Entry,
    two: Entry,
    days: tuple[date, date],
    words: tuple[str, str],
    *,
    people: int | None = None,
    channels: Sequence[str] = (),
) -> Conflict:
    return Conflict.model_validate(
        {
            "kind": kind,
            "campaign_ids": (one.campaign_id, two.campaign_id),
            "from_day": days[0],
            "to_day": days[1],
            "people": people,
            "channel_ids": list(channels),
            "message": Sentence(en=words[0], zh=words[1]),
        }
    )


def _rows(session: Session, project_id: str, start: datetime, end: datetime) -> list[Campaign]:
    wanted = select(Campaign).where(
        Campaign.project_id == project_id,
        Campaign.starts_at < end,
        or_(Campaign.ends_at >= start, and_(Campaign.ends_at.is_(None), Campaign.starts_at >= start)),
    )
    return list(session.scalars(wanted.order_by(Campaign.starts_at, Campaign.id).limit(MOST_ENTRIES)))


def entry_of(row: Campaign, project: Project, people: int) -> Entry:
    """A campaign with a start on the calendar."""
    return _entry(row, ZoneInfo(project.time_zone), people)


def _entry(row: Campaign, zone: ZoneInfo, people: int) -> Entry:
    assert row.starts_at is not None
    ended = row.finished_at or row.ends_at
    # The last instant that belongs to it: an end at midnight is not of the next day.
    last = row.starts_at if ended is None else max(row.starts_at, ended - timedelta(milliseconds=1))
    return Entry.model_validate(
        {
            "campaign_id": row.id,
            "name": row.name,
            "lever": row.lever,
            "status": row.status,
            "starts_at": row.starts_at,
            "ends_at": ended,
            "first_day": _day(row.starts_at, zone),
            "last_day": _day(last, zone),
            "channel_ids": Plan.model_validate(row.plan).channel_ids(),
            "people": people,
        }
    )


def _due(task: CampaignTask, name: str, zone: ZoneInfo) -> Due:
    assert task.due_at is not None
    return Due(
        task_id=task.id,
        campaign_id=task.campaign_id,
        campaign=name,
        title=task.title,
        owner_name=task.owner_name,
        due_at=task.due_at,
        day=_day(task.due_at, zone),
        done=task.state == "done",
    )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return local_date(round(moment.timestamp() * 1000), zone)


def _moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(day_start_ms(day, zone) / 1000, zone)
