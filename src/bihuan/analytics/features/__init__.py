"""What is known of everyone as of past days, and of their purchases: what models learn from."""

from bihuan.analytics.features.properties import properties_sql
from bihuan.analytics.features.purchases import cohorts_sql, purchases_sql, renewals_sql, repeats_sql
from bihuan.analytics.features.query import FeatureQuery, PurchaseQuery, RenewalQuery
from bihuan.analytics.features.sql import EPOCH, feature_names, features_sql, top_events_sql

__all__ = [
    "EPOCH",
    "FeatureQuery",
    "PurchaseQuery",
    "RenewalQuery",
    "cohorts_sql",
    "feature_names",
    "features_sql",
    "properties_sql",
    "purchases_sql",
    "renewals_sql",
    "repeats_sql",
    "top_events_sql",
]
