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

__all__ = [
    "Change",
    "Identities",
    "IdentityChange",
    "Link",
    "People",
    "PersonSummary",
    "Profiles",
    "Squashed",
    "change_uuid",
    "is_usable",
    "new_link",
    "overrides_sql",
    "router",
    "squash",
]
