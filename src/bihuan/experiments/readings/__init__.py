"""Readings: from sums to effects, checks and words."""
