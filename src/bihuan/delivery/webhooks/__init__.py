"""Signed webhooks, and where requests may go."""
