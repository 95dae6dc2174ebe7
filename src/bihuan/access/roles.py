"""What may be done, and who may: permissions, the roles of members, the scopes of keys and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Permission = Literal[
    "view",
    "edit_insights",
    "export",
    "unmask",
    "edit_data",
    "erase",
    "manage_project",
    "manage_members",
    "read_audit",
]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

Role = Literal["owner", "director", "manager", "specialist", "analyst", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)

Scope = Literal["view", "export", "read", "write", "admin"]
"""What a key or token may do. Each includes those before it: admin may write, write may read."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

_HOLDERS: dict[Permission, tuple[Role, ...]] = {
    "view": ROLES,
    "edit_insights": ("owner", "director", "manager", "specialist", "analyst"),
    "export": ("owner", "director", "manager", "analyst"),
    "unmask": ("owner", "director", "manager", "specialist"),
    "edit_data": ("owner", "director", "manager", "analyst"),
    "erase": ("owner", "director"),
    "manage_project": ("owner", "director"),
    "manage_members": ("owner", "director"),
    "read_audit": ("owner", "director"),
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    role: frozenset(each for each in PERMISSIONS if role in _HOLDERS[each]) for role in ROLES
}

# Keys made before there were members had read, write and admin, and saw personal data in the clear: they
# go on so. Whoever wants less takes "view" or "export", which are masked (decision 6).
_ADDED: dict[Scope, frozenset[Permission]] = {
    "view": frozenset({"view"}),
    "export": frozenset({"export"}),
    "read": frozenset({"unmask"}),
    "write": frozenset({"edit_insights", "edit_data"}),
    "admin": frozenset({"erase", "manage_project", "manage_members", "read_audit"}),
}


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """What scopes allow together."""
    held = set(scopes)
    highest = max((place for place, scope in enumerate(SCOPES) if scope in held), default=-1)
    return frozenset(each for scope in SCOPES[: highest + 1] for each in _ADDED[scope])
