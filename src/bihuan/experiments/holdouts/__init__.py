"""Holdouts: people whom nothing reaches."""
