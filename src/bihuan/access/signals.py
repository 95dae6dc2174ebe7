"""What committed transactions of this package did; connect with ``database.signals.connect``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProjectCreated:
    """A project came into being: its warehouse can be made."""

    project_id: str


@dataclass(frozen=True, slots=True)
class ProjectChanged:
    """A project's name, time zone or other settings changed."""

    project_id: str


@dataclass(frozen=True, slots=True)
class ProjectDeleted:
    """A project and its keys are gone: its warehouse can be dropped."""

    project_id: str


@dataclass(frozen=True, slots=True)
class WriteKeysChanged:
    """Write keys or their sources of a project were made, renamed or revoked."""

    project_id: str
