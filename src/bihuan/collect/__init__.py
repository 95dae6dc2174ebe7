"""Collection: every protocol's requests, and files, into the event log."""

from bihuan.collect.asgi import CollectApplication, language_of
from bihuan.collect.connection import CollectConnection
from bihuan.collect.enrichment import EnrichmentSettings, GeoDatabase
from bihuan.collect.incoming import IncomingEvent, Item, Parsed, ProfileChange, Rejected
from bihuan.collect.intake import Intake
from bihuan.collect.preparation import TimeRules
from bihuan.collect.protocols.snowplow import use_redirect_hosts
from bihuan.collect.protocols.visitor import use_visitor_secret
from bihuan.collect.service import Collector

__all__ = [
    "CollectApplication",
    "CollectConnection",
    "Collector",
    "EnrichmentSettings",
    "GeoDatabase",
    "IncomingEvent",
    "Intake",
    "Item",
    "Parsed",
    "ProfileChange",
    "Rejected",
    "TimeRules",
    "language_of",
    "use_redirect_hosts",
    "use_visitor_secret",
]
