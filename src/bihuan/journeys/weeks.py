"""The last days of all journeys of a project."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bihuan.access import Project
from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.database import Database
from bihuan.journeys import repository
from bihuan.journeys.engine.telling import ENTERED
from bihuan.journeys.models import Journey, JourneyEntry, JourneyVersion
from bihuan.journeys.schemas import DayCount, JourneyWeek
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

DAYS = 7


def weeks(database: Database, project: Project, store: ProjectStore) -> list[JourneyWeek]:
    """Every journey: who is inside, and by day who came in (as the log says) and who reached the goal."""
    zone = ZoneInfo(project.time_zone)
    first = local_date(project.present_ms(), zone) - timedelta(days=DAYS - 1)
    days = [(first + timedelta(days=number)).isoformat() for number in range(DAYS)]
    since_ms = day_start_ms(first, zone)
    entered = _entered(project, store, since_ms)
    with database.read_session() as session:
        versions = dict(
            session.execute(
                select(JourneyVersion.id, JourneyVersion.journey_id)
                .join(Journey, Journey.id == JourneyVersion.journey_id)
                .where(Journey.project_id == project.id)
            ).all()
        )
        mine = list(session.scalars(select(Journey.id).where(Journey.project_id == project.id)))
        inside: Counter[str] = Counter()
        for version, people in repository.inside(session, list(versions)).items():
            inside[versions[version]] += people
        wanted = select(JourneyEntry.journey_id, JourneyEntry.converted_ms).where(
            JourneyEntry.journey_id.in_(mine), JourneyEntry.converted_ms >= since_ms
        )
        converted = Counter(
            (journey, local_date(at_ms or 0, zone).isoformat()) for journey, at_ms in session.execute(wanted)
        )
    return [
        JourneyWeek(
            journey_id=journey,
            inside=inside[journey],
            days=[
                DayCount(day=day, entered=entered[journey, day], converted=converted[journey, day])
                for day in days
            ],
        )
        for journey in mine
    ]


def _entered(project: Project, store: ProjectStore, since_ms: int) -> Counter[tuple[str, str]]:
    sql = (
        f"SELECT toString(e.properties.`$journey_id`) AS journey, "
        f"toString(toDate(e.time, {literal(project.time_zone)})) AS day, count() AS people "
        f"FROM {store.table('events')} AS e "
        f"WHERE e.event = {literal(ENTERED)} AND e.time >= {time_ms(since_ms)} GROUP BY journey, day"
    )
    return Counter({(row[0], row[1]): int(row[2]) for row in store.engine.rows(sql)})
