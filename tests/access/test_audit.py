"""The audit log: what is in it, and that nobody can change it unseen."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bihuan.access import Actor, Visitor, record_act, verify_audit_log
from bihuan.access.audit.models import AuditRecord
from bihuan.database import Database
from tests.access.adding import add_records
from tests.access.browsers import OWNER, PASSWORD, Browser, Site, code
from tests.together import together


@pytest.fixture
def owner(site: Site) -> Browser:
    return site.owner()


def _actions(browser: Browser, path: str = "/api/audit", **params: str) -> list[str]:
    answer = browser.get(path, params={"limit": 1000, **params})
    assert answer.status_code == 200, answer.text
    return [each["action"] for each in reversed(answer.json()["items"])]


def test_every_change_of_access_is_on_record(site: Site, owner: Browser) -> None:
    at = "/api/projects/shop"
    source = owner.post(f"{at}/sources", {"name": "web"}).json()["id"]
    owner.patch(f"{at}/sources/{source}", {"name": "site"})
    key = owner.post(f"{at}/write-keys", {"source_id": source}).json()["key"]
    owner.delete(f"{at}/write-keys/{key}")
    secret = owner.post(f"{at}/api-keys", {"name": "k", "scopes": ["read"]}).json()
    owner.delete(f"{at}/api-keys/{secret['id']}")
    owner.delete(f"{at}/sources/{source}")
    owner.patch(at, {"name": "Market", "currency": "CNY"})
    member = site.member(owner, "li@example.com", "viewer")
    member_id = member.me()["member"]["id"]
    owner.patch(f"{at}/members/{member_id}", {"role": "manager"})
    owner.delete(f"{at}/members/{member_id}")
    owner.delete("/api/projects/game")
    assert _actions(owner, f"{at}/audit") == [
        "source.created",
        "source.renamed",
        "write_key.created",
        "write_key.revoked",
        "api_key.created",
        "api_key.revoked",
        "source.deleted",
        "project.changed",
        "invitation.created",
        "member.joined",
        "member.role_changed",
        "member.removed",
    ]
    assert _actions(owner, action="project") == ["project.changed", "project.deleted"]
    (changed,) = owner.get("/api/audit", params={"action": "project.changed"}).json()["items"]
    assert (changed["before"], changed["after"]) == ({"name": "Shop"}, {"name": "Market"})
    assert (changed["actor_kind"], changed["actor_name"]) == ("member", "Wang")
    assert (changed["address"], changed["target_id"]) == ("testclient", "shop")
    everything = owner.get("/api/audit.csv").text
    for hidden in (secret["secret"], PASSWORD, owner.csrf or "", owner.cookie or ""):
        assert hidden not in everything


def test_log_ins_and_failures_are_on_record(site: Site, owner: Browser) -> None:
    guest = site.browser()
    guest.log_in(OWNER, "a wrong guess")
    guest.log_in("=cmd()@example.com", "a wrong guess")
    guest.log_in(OWNER)
    guest.post("/api/logout")
    failures = owner.get("/api/audit", params={"action": "login.failed"}).json()["items"]
    assert [each["actor_name"] for each in failures] == ["=cmd()@example.com", OWNER]
    assert {each["actor_kind"] for each in failures} == {"anonymous"}
    assert _actions(owner)[-2:] == ["login.succeeded", "logout"]
    rows = list(csv.DictReader(io.StringIO(owner.get("/api/audit.csv").text)))
    assert "'=cmd()@example.com" in {row["actor_name"] for row in rows}


def test_the_log_is_paged_filtered_and_for_those_who_may(site: Site, owner: Browser) -> None:
    for name in ("a", "b", "c"):
        owner.post("/api/projects/shop/sources", {"name": name})
    at = "/api/projects/shop/audit"
    first = owner.get(at, params={"limit": 2}).json()
    second = owner.get(at, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    shown = [each["after"]["name"] for each in first["items"] + second["items"]]
    assert shown == ["c", "b", "a"]
    assert second["next_cursor"] is None
    assert _actions(owner, at, actor="wan") == ["source.created"] * 3
    assert _actions(owner, at, actor="%") == []
    assert _actions(owner, at, until=first["items"][1]["at"]) == ["source.created"]
    manager = site.member(owner, "li@example.com", "manager")
    assert code(manager.get(at)) == (403, "permission_missing")
    assert owner.get("/api/projects/game/audit").json()["items"] == []


def test_the_database_refuses_to_change_a_record(site: Site, owner: Browser) -> None:
    for statement in ("UPDATE audit_log SET actor_name = 'x'", "DELETE FROM audit_log"):
        with pytest.raises(DBAPIError, match="append-only"), site.database.session() as session:
            session.execute(text(statement))
    assert verify_audit_log(site.database).broken is None


def _unlocked(database: Database, statement: str) -> None:
    """What somebody with the rights of the database's owner may do."""
    with database.session() as session:
        if database.is_sqlite:
            session.execute(text("DROP TRIGGER audit_log_no_update"))
            session.execute(text("DROP TRIGGER audit_log_no_delete"))
        else:
            session.execute(text("DROP TRIGGER audit_log_append_only ON audit_log"))
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit_log SET actor_name = 'somebody' WHERE number = 3", 3),
        ("UPDATE audit_log SET after = '{}' WHERE number = 2", 2),
        ("UPDATE audit_log SET address = 'x', hash = previous_hash WHERE number = 4", 4),
        ("DELETE FROM audit_log WHERE number = 2", 2),
        ("DELETE FROM audit_log WHERE number >= 4", 4),
        ("UPDATE audit_log SET number = 99 WHERE number = 4", 4),
        ("UPDATE audit_log SET at = '2020-01-01 00:00:00.000000+00' WHERE number = 1", 1),
    ],
)
def test_tampering_shows_at_the_first_record_that_was_touched(
    database: Database, tampering: str, broken: int
) -> None:
    who = Visitor(Actor("system", "", "test"), "local")
    for number in range(5):
        record_act(database, who, "tested", ("thing", str(number)), after={"中": number, "x": 1.50})
    assert verify_audit_log(database).broken is None
    if "+00" in tampering and database.is_sqlite:
        tampering = tampering.replace("+00", "")
    _unlocked(database, tampering)
    assert verify_audit_log(database).broken == broken


def test_processes_add_to_one_chain(control_dsn: str) -> None:
    database = Database.open(control_dsn)
    together(3, add_records, control_dsn, 40)
    state = verify_audit_log(database)
    with database.read_session() as session:
        assert session.query(AuditRecord).count() == 120
    database.dispose()
    assert (state.records, state.broken) == (120, None)


def test_a_change_that_fails_leaves_no_record(site: Site, owner: Browser) -> None:
    owner.post("/api/projects/shop/sources", {"name": "web"})
    before = _actions(owner)
    assert code(owner.post("/api/projects/shop/sources", {"name": "web"})) == (409, "source_exists")
    assert _actions(owner) == before
    assert owner.get("/api/audit/state").json() == {
        "records": len(before),
        "whole": True,
        "first_broken": None,
    }
