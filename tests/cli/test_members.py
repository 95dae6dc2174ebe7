from __future__ import annotations

import json

import httpx
import pytest

from tests.cli.conftest import Command, Here, RunningServer

PASSWORD = "correct horse battery"
OWNER = "wang@example.com"


def _set_up(running: RunningServer, link: str) -> None:
    """Make the first member as the page behind the link does."""
    address, _, token = link.partition("/setup#")
    body = {"token": token, "name": "Wang", "email": OWNER, "password": PASSWORD}
    answer = httpx.post(f"{address}/api/setup", json=body, trust_env=False, timeout=30)
    assert answer.status_code in (200, 409), answer.text


@pytest.fixture
def owned(running: RunningServer, here: Here) -> Here:
    _set_up(running, json.loads(running.announcement)["setup_link"])
    return here


def test_the_server_prints_a_link_to_set_it_up(running: RunningServer, here: Here) -> None:
    link = json.loads(running.announcement)["setup_link"]
    assert link.startswith(f"{running.address}/setup#")
    if httpx.get(f"{running.address}/api/setup", trust_env=False).json()["needed"]:
        again = here("member", "setup-link", "--json").value["link"]
        assert again.startswith(f"{running.address}/setup#")
        assert again != link
    _set_up(running, link)
    assert httpx.get(f"{running.address}/api/setup", trust_env=False).json() == {"needed": False}
    refused = here("member", "setup-link", "--json")
    assert (refused.code, json.loads(refused.err)["error"]["code"]) == (1, "setup_done")


def test_members_are_invited_changed_and_removed(owned: Here, running: RunningServer) -> None:
    owned("project", "create", "team")
    invited = owned("member", "invite", "li@example.com", "--role", "analyst", "-p", "team", "--json").value
    assert invited["link"].startswith(f"{running.address}/invitation#")
    token = invited["link"].partition("#")[2]
    joined = httpx.post(
        f"{running.address}/api/invitations/{token}",
        json={"name": "Li", "password": PASSWORD},
        trust_env=False,
        timeout=30,
    )
    assert joined.status_code == 200
    changed = owned("member", "change-role", "LI@example.com", "--role", "manager", "-p", "team", "--json")
    assert changed.value["role"] == "manager"
    listed = {each["email"]: each for each in owned("member", "list", "--json").value}
    assert (listed[OWNER]["instance_owner"], listed["li@example.com"]["instance_owner"]) == (True, False)
    link = owned("member", "reset-password", "li@example.com", "--json").value["link"]
    assert link.startswith(f"{running.address}/password-reset#")
    assert owned("member", "disable", "li@example.com", "--json").value["disabled_at"] is not None
    assert owned("member", "enable", "li@example.com", "--json").value["disabled_at"] is None
    assert owned("member", "remove-codes", "li@example.com").code == 0
    assert owned("member", "remove", "li@example.com", "-p", "team").code == 0
    unknown = owned("member", "remove", "li@example.com", "-p", "team", "--json")
    assert (unknown.code, json.loads(unknown.err)["error"]["code"]) == (1, "member_unknown")


def test_without_a_server_links_name_the_address_it_will_have(bihuan: Command) -> None:
    assert bihuan("init").code == 0
    link = bihuan("member", "setup-link", "--json").value["link"]
    assert link.startswith("http://127.0.0.1:8480/setup#")
