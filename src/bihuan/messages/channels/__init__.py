"""Configured channels of a project: where its messages go out, how fast, and with which secrets."""
