"""Sending audiences out: who entered and left by signed webhook, whole lists as files on a schedule."""
