"""People: identities, profiles, timelines, erasure."""

from __future__ import annotations

from bihuan.people.identity.links import Link, is_usable, new_link
from bihuan.people.identity.repository import overrides_sql
from bihuan.people.identity.service import Identities, IdentityChange
from bihuan.people.identity.squash import Squashed, squash
from bihuan.people.profiles.changes import Change, change_uuid
from bihuan.people.profiles.service import Profiles
from bihuan.people.routes import router
from bihuan.people.service import People, PersonSummary
from bihuan.people.withdrawal import Affected, Said, affected, still_there, withdraw

__all__ = [
    "Affected",
    "Change",
    "Identities",
    "IdentityChange",
    "Link",
    "People",
    "PersonSummary",
    "Profiles",
    "Said",
    "Squashed",
    "affected",
    "change_uuid",
    "is_usable",
    "new_link",
    "overrides_sql",
    "router",
    "squash",
    "still_there",
    "withdraw",
]
