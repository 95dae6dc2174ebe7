"""Saved questions with versions, tags and stars."""
