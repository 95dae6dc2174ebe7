"""What docs/access.md says of roles and scopes is what the code does, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.access import PERMISSIONS, ROLE_PERMISSIONS, ROLES
from bihuan.access.roles import SCOPES, permissions_of_scopes

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


@pytest.mark.parametrize("name", ["access.md", "access.zh-CN.md"])
def test_the_matrix_of_roles_is_true(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    rows = {
        cells[0]: cells[1:7]
        for line in text.splitlines()
        if line.startswith("|")
        and (cells := [cell.strip() for cell in line.strip("|").split("|")])[0] in PERMISSIONS
        and len(cells) > 6
    }
    assert list(rows) == list(PERMISSIONS)
    for permission, cells in rows.items():
        shown = {role for role, cell in zip(ROLES, cells, strict=True) if cell == "✓"}
        assert shown == {role for role in ROLES if permission in ROLE_PERMISSIONS[role]}


@pytest.mark.parametrize("name", ["access.md", "access.zh-CN.md"])
def test_the_scopes_are_true(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    added = dict(re.findall(r"^\| (view|export|read|write|admin) \| ([a-z_, ]+) \|$", text, re.M))
    assert list(added) == list(SCOPES)
    so_far: set[str] = set()
    for scope, names in added.items():
        so_far |= set(names.split(", "))
        assert permissions_of_scopes([scope]) == so_far
