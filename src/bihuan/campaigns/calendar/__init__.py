"""Campaigns and tasks on days, and where they are in each other's way."""
