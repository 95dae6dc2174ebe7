"""Statistic tags: one figure or text of every person's events in a window; what engines of people share."""

from bihuan.analytics.statistic.beside_all import beside_all
from bihuan.analytics.statistic.query import AGGREGATES, TEXTS, Bins, Statistic
from bihuan.analytics.statistic.sql import values_sql
from bihuan.analytics.statistic.windows import last_day_sql

__all__ = ["AGGREGATES", "TEXTS", "Bins", "Statistic", "beside_all", "last_day_sql", "values_sql"]
