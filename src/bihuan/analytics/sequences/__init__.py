"""Everybody's events in order, as one query sees them: what is kept in files, and what the log says since."""
