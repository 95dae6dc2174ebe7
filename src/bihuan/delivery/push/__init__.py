"""Notifications on devices."""
