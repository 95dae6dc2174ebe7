"""Builders of SQL: properties, filters, time buckets, the source of events."""

from bihuan.analytics.sql.breakdowns import (
    add_breakdowns,
    breakdown_key,
    breakdown_value,
    gathered,
    key_of,
    top_keys,
)
from bihuan.analytics.sql.filters import condition, selector_condition
from bihuan.analytics.sql.properties import PropertyAccess
from bihuan.analytics.sql.source import EventsSource, events_source, in_sample_sql
from bihuan.analytics.sql.time import (
    bucket,
    bucket_label,
    bucket_labels,
    bucket_of_label,
    bucket_starts,
    local_date,
)

__all__ = [
    "EventsSource",
    "PropertyAccess",
    "add_breakdowns",
    "breakdown_key",
    "breakdown_value",
    "bucket",
    "bucket_label",
    "bucket_labels",
    "bucket_of_label",
    "bucket_starts",
    "condition",
    "events_source",
    "gathered",
    "in_sample_sql",
    "key_of",
    "local_date",
    "selector_condition",
    "top_keys",
]
