"""How soon a message goes, and before which others: what it says itself, else the rules of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bihuan.messages.outbox.models import HIGH, LOW, NORMAL
from bihuan.messages.outbox.policies.settings import PolicySettings, Priority

PRIORITIES: dict[Priority, int] = {"low": LOW, "normal": NORMAL, "high": HIGH}
Chosen = Literal["at_once", "local_time", "best_time"]
Default = Literal["priority", "send_time"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds for a message; ``by_policy``: what of it the project's rules said."""

    priority: int
    send_time: Chosen
    by_policy: tuple[Default, ...]


def choose(
    policy: PolicySettings,
    purpose: str,
    *,
    priority: int | None,
    best_time: bool | None,
    local_time: str | None = None,
) -> Choice:
    """What holds for a message of a purpose; None is what it leaves to the project.

    Exempt purposes know no rules: they go at once.
    """
    rules = PolicySettings() if purpose in policy.exempt_purposes else policy
    said: list[Default] = []
    if priority is None:
        said.append("priority")
        priority = PRIORITIES[rules.priority]
    if local_time is not None:
        return Choice(priority, "local_time", tuple(said))
    if best_time is None:
        said.append("send_time")
        best_time = rules.send_time == "best_time"
    return Choice(priority, "best_time" if best_time else "at_once", tuple(said))
