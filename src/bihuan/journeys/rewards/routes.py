"""``/api/projects/{project_id}/journeys/settings``."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bihuan.access import ControlDatabase, ProjectManager, Viewer, record_change
from bihuan.insights import Input
from bihuan.journeys.calling import WEBHOOK
from bihuan.journeys.errors import WebhookChannelMissing
from bihuan.journeys.rewards.models import JourneySettings
from bihuan.messages.channels.models import MessageChannel

router = APIRouter(prefix="/api/projects/{project_id}/journeys", tags=["journeys"])


class SettingsInput(Input):
    """``reward_channel_id``: the webhook channel that is told of rewards; null for none."""

    reward_channel_id: str | None = Field(max_length=26, pattern=r"^[0-9A-Za-z]+$")


class SettingsOutput(BaseModel):
    """What holds for all journeys of the project."""

    reward_channel_id: str | None


@router.get("/settings")
def get_journey_settings(caller: Viewer, database: ControlDatabase) -> SettingsOutput:
    """What holds for all journeys of the project."""
    with database.read_session() as session:
        row = session.get(JourneySettings, caller.project.id)
    return SettingsOutput(reward_channel_id=row.reward_channel_id if row else None)


@router.put("/settings")
def change_journey_settings(
    caller: ProjectManager, database: ControlDatabase, body: SettingsInput
) -> SettingsOutput:
    """Say which webhook channel is told of rewards."""
    channel_id, project_id = body.reward_channel_id, caller.project.id
    with database.session() as session:
        if channel_id is not None:
            channel = session.get(MessageChannel, channel_id)
            if channel is None or channel.project_id != project_id or channel.kind != WEBHOOK:
                raise WebhookChannelMissing(channel_id=channel_id, path="reward_channel_id")
        row = session.get(JourneySettings, project_id)
        if row is None:
            row = JourneySettings(project_id=project_id)
            session.add(row)
        before = row.reward_channel_id
        row.reward_channel_id = channel_id
        record_change(
            session,
            caller,
            "journey.settings_changed",
            ("project", project_id),
            project_id=project_id,
            before={"reward_channel_id": before},
            after={"reward_channel_id": channel_id},
        )
    return SettingsOutput(reward_channel_id=channel_id)
