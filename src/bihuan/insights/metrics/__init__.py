"""Metrics: a figure with a name, a unit, a direction and an owner, defined once."""
