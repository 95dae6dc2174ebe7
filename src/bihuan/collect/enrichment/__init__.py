"""Standard properties that follow from what came with an event: user agent, page URL, referrer, IP."""

from bihuan.collect.enrichment.enrich import EnrichmentSettings, enrich
from bihuan.collect.enrichment.geo import GeoDatabase, GeoDatabaseUnreadable
from bihuan.collect.enrichment.user_agent import is_bot

__all__ = ["EnrichmentSettings", "GeoDatabase", "GeoDatabaseUnreadable", "enrich", "is_bot"]
