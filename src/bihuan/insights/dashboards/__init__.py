"""Dashboards: boards of insights, ready ones among them."""
