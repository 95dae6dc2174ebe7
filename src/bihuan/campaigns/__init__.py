"""Campaigns 活动: one object from idea to verdict, measured against people who were not reached."""

from bihuan.campaigns.routers import ROUTERS
from bihuan.campaigns.running.messenger import Messenger, Queued, Reach, Sample
from bihuan.campaigns.running.outbox import OutboxMessenger
from bihuan.campaigns.running.wiring import Campaigns, Opened
from bihuan.campaigns.work.files import CampaignFiles

__all__ = [
    "ROUTERS",
    "CampaignFiles",
    "Campaigns",
    "Messenger",
    "Opened",
    "OutboxMessenger",
    "Queued",
    "Reach",
    "Sample",
]
