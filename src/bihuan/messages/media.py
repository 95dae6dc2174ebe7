"""The ways on which a message reaches somebody."""

from __future__ import annotations

from typing import Literal

Medium = Literal["email", "sms", "push", "in_app", "bot", "webhook"]
MEDIA: tuple[Medium, ...] = ("email", "sms", "push", "in_app", "bot", "webhook")
EVERY = "*"
"""Every medium, where a rule or a suppression names none."""
