"""Setting up, inviting, roles, links."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bihuan.access import ROLE_PERMISSIONS, ROLES, verify_audit_log
from bihuan.access.members.models import AccessLink, Member
from bihuan.access.roles import SCOPES, permissions_of_scopes
from bihuan.database import utc_now
from tests.access.browsers import OWNER, PASSWORD, Site, code


def test_the_first_member_is_made_once_by_the_link_and_owns_everything(site: Site) -> None:
    guest = site.browser()
    assert guest.get("/api/setup").json() == {"needed": True}
    given = {"token": "guessed", "name": "Wang", "email": OWNER, "password": PASSWORD}
    assert code(guest.post("/api/setup", given)) == (404, "link_invalid")
    owner = site.owner()
    me = owner.me()
    assert me["member"]["instance_owner"] is True
    assert {each["id"]: each["role"] for each in me["projects"]} == {"game": "owner", "shop": "owner"}
    assert guest.get("/api/setup").json() == {"needed": False}
    assert code(guest.post("/api/setup", {**given, "token": "guessed"})) == (409, "setup_done")
    assert code(owner.post("/api/setup-link")) == (409, "setup_done")
    made = owner.post("/api/projects", {"id": "books", "name": "Books"})
    assert made.status_code == 201
    assert [each["role"] for each in owner.get("/api/projects/books/members").json()["items"]] == ["owner"]


def test_a_setup_link_works_once_and_not_for_long(site: Site) -> None:
    first, second, expired = site.setup_token(), site.setup_token(), site.setup_token()
    with site.database.session() as session:
        newest = session.query(AccessLink).order_by(AccessLink.id.desc()).first()
        assert newest is not None
        session.execute(update(AccessLink).where(AccessLink.id == newest.id).values(expires_at=utc_now()))
    given = {"name": "Wang", "email": OWNER, "password": PASSWORD}
    guest = site.browser()
    assert code(guest.post("/api/setup", {**given, "token": expired})) == (404, "link_invalid")
    assert guest.post("/api/setup", {**given, "token": first}).status_code == 200
    for token in (first, second):
        assert site.browser().post("/api/setup", {**given, "token": token}).status_code == 409


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaa", "1234567890", "wang@example.com", "wangwangwangwang", "qwertyuiop12"],
)
def test_a_password_that_is_guessed_first_is_refused(site: Site, password: str) -> None:
    given = {"token": site.setup_token(), "name": "Wang", "email": OWNER, "password": password}
    assert code(site.browser().post("/api/setup", given)) == (422, "password_weak")
    assert site.browser().get("/api/setup").json() == {"needed": True}


def test_somebody_is_invited_joins_and_has_the_role(site: Site) -> None:
    owner = site.owner()
    made = owner.post("/api/projects/shop/invitations", {"email": "Li@Example.com", "role": "analyst"}).json()
    assert made["link"].startswith("http://bihuan.test/invitation#")
    listed = owner.get("/api/projects/shop/invitations").json()["items"]
    assert [(each["email"], each["role"]) for each in listed] == [("li@example.com", "analyst")]
    assert "link" not in listed[0]
    token = made["link"].partition("#")[2]
    guest = site.browser()
    seen = guest.get(f"/api/invitations/{token}").json()
    assert (seen["email"], seen["project_name"], seen["has_account"]) == ("li@example.com", "Shop", False)
    joined = guest.post(f"/api/invitations/{token}", {"name": "李", "password": PASSWORD, "language": "en"})
    (project,) = joined.json()["projects"]
    assert (project["id"], project["role"]) == ("shop", "analyst")
    assert set(project["permissions"]) == ROLE_PERMISSIONS["analyst"]
    assert guest.get("/api/projects/shop").status_code == 200
    assert guest.get("/api/projects/game").status_code == 404
    again = site.browser().post(f"/api/invitations/{token}", {"name": "x", "password": PASSWORD})
    assert code(again) == (404, "link_invalid")
    assert owner.get("/api/projects/shop/invitations").json()["items"] == []
    twice = owner.post("/api/projects/shop/invitations", {"email": "li@example.com", "role": "viewer"})
    assert code(twice) == (409, "member_exists")


def test_somebody_with_an_account_joins_with_its_password(site: Site) -> None:
    owner = site.owner()
    site.member(owner, "li@example.com", "viewer")
    made = owner.post("/api/projects/game/invitations", {"email": "li@example.com", "role": "manager"}).json()
    token = made["link"].partition("#")[2]
    guest = site.browser()
    assert guest.get(f"/api/invitations/{token}").json()["has_account"] is True
    wrong = guest.post(f"/api/invitations/{token}", {"password": "something else"})
    assert code(wrong) == (401, "login_failed")
    joined = guest.post(f"/api/invitations/{token}", {"password": PASSWORD}).json()
    assert {each["id"]: each["role"] for each in joined["projects"]} == {"game": "manager", "shop": "viewer"}


def test_an_invitation_is_withdrawn_and_replaced(site: Site) -> None:
    owner = site.owner()
    path, given = "/api/projects/shop/invitations", {"email": "li@example.com", "role": "viewer"}
    first = owner.post(path, given).json()
    second = owner.post(path, given).json()
    guest = site.browser()
    assert guest.get("/api/invitations/" + first["link"].partition("#")[2]).status_code == 404
    assert code(owner.delete(f"/api/projects/game/invitations/{second['id']}")) == (
        404,
        "invitation_not_found",
    )
    assert owner.delete(f"{path}/{second['id']}").status_code == 204
    assert guest.get("/api/invitations/" + second["link"].partition("#")[2]).status_code == 404


def test_a_director_manages_members_but_not_owners(site: Site) -> None:
    owner = site.owner()
    director = site.member(owner, "zhao@example.com", "director")
    viewer = site.member(director, "li@example.com", "viewer")
    ids = {each["email"]: each["id"] for each in owner.get("/api/projects/shop/members").json()["items"]}
    at = "/api/projects/shop/members"
    assert director.patch(f"{at}/{ids['li@example.com']}", {"role": "manager"}).json()["role"] == "manager"
    promoted = director.patch(f"{at}/{ids['li@example.com']}", {"role": "owner"})
    assert code(promoted) == (403, "owner_needed")
    assert code(director.patch(f"{at}/{ids['zhao@example.com']}", {"role": "owner"})) == (403, "owner_needed")
    assert code(director.patch(f"{at}/{ids[OWNER]}", {"role": "viewer"})) == (403, "owner_needed")
    assert code(director.delete(f"{at}/{ids[OWNER]}")) == (403, "owner_needed")
    invited = director.post("/api/projects/shop/invitations", {"email": "x@example.com", "role": "owner"})
    assert code(invited) == (403, "owner_needed")
    reset = director.post(f"{at}/{ids[OWNER]}/password-reset")
    assert code(reset) == (403, "owner_needed")
    assert viewer.get("/api/projects/shop").status_code == 200
    assert director.delete(f"{at}/{ids['li@example.com']}").status_code == 204
    assert viewer.get("/api/projects/shop").status_code == 404


def test_the_last_owner_stays(site: Site) -> None:
    owner = site.owner()
    other = site.member(owner, "zhao@example.com", "owner")
    me, them = owner.me()["member"]["id"], other.me()["member"]["id"]
    at = "/api/projects/shop/members"
    assert other.patch(f"{at}/{me}", {"role": "viewer"}).status_code == 200
    assert code(other.patch(f"{at}/{them}", {"role": "director"})) == (409, "last_owner")
    assert code(other.delete(f"{at}/{them}")) == (409, "last_owner")
    assert code(owner.patch(f"/api/members/{me}", {"disabled": True})) == (409, "last_owner")
    assert code(owner.patch(f"/api/members/{me}", {"instance_owner": False})) == (409, "last_owner")
    assert owner.patch(f"/api/members/{them}", {"instance_owner": True}).json()["instance_owner"] is True
    assert owner.patch(f"/api/members/{me}", {"instance_owner": False}).json()["instance_owner"] is False
    assert code(owner.get("/api/members")) == (403, "permission_missing")


def test_a_reset_link_opens_only_accounts_within_reach(site: Site) -> None:
    owner = site.owner()
    director = site.member(owner, "zhao@example.com", "director")
    site.member(owner, "li@example.com", "viewer")
    ids = {each["email"]: each["id"] for each in owner.get("/api/projects/shop/members").json()["items"]}
    reset = f"/api/projects/shop/members/{ids['li@example.com']}/password-reset"
    link = director.post(reset).json()["link"]
    assert link.startswith("http://bihuan.test/password-reset#")
    made = owner.post("/api/projects/game/invitations", {"email": "li@example.com", "role": "viewer"}).json()
    joining = site.browser()
    joining.post("/api/invitations/" + made["link"].partition("#")[2], {"password": PASSWORD})
    assert code(director.post(reset)) == (403, "member_beyond_reach")
    assert owner.post(reset).status_code == 201


def test_a_new_password_ends_every_session_and_the_link(site: Site) -> None:
    owner = site.owner()
    member = site.member(owner, "li@example.com", "viewer")
    member_id = member.me()["member"]["id"]
    link = owner.post(f"/api/members/{member_id}/password-reset").json()["link"]
    token = link.partition("#")[2]
    guest = site.browser()
    assert guest.get(f"/api/password-reset/{token}").json()["email"] == "li@example.com"
    weak = guest.post(f"/api/password-reset/{token}", {"password": "li@example.com"})
    assert code(weak) == (422, "password_weak")
    changed = guest.post(f"/api/password-reset/{token}", {"password": "quite another one"})
    assert (changed.status_code, changed.cookies.get("bihuan_session")) == (204, None)
    assert code(member.get("/api/me")) == (401, "session_ended")
    assert code(guest.log_in("li@example.com")) == (401, "login_failed")
    assert guest.log_in("li@example.com", "quite another one").status_code == 200
    again = guest.post(f"/api/password-reset/{token}", {"password": "a third one here"})
    assert code(again) == (404, "link_invalid")


def test_the_matrix_of_roles_is_what_the_design_says(site: Site) -> None:
    told = {each["role"]: set(each["permissions"]) for each in site.owner().get("/api/roles").json()["roles"]}
    assert list(told) == list(ROLES)
    everything = told["owner"]
    assert told["director"] == everything
    assert everything - told["manager"] == {"erase", "manage_project", "manage_members", "read_audit"}
    assert told["specialist"] == {"view", "edit_insights", "unmask"}
    assert told["analyst"] == {"view", "edit_insights", "export", "edit_data"}
    assert told["viewer"] == {"view"}


def test_a_disabled_member_is_out_at_once(site: Site) -> None:
    owner = site.owner()
    member = site.member(owner, "li@example.com", "viewer")
    member_id = member.me()["member"]["id"]
    token = member.post("/api/me/tokens", {"name": "t", "scopes": ["read"]}).json()["secret"]
    assert owner.patch(f"/api/members/{member_id}", {"disabled": True}).json()["disabled_at"] is not None
    assert code(member.get("/api/me")) == (401, "session_ended")
    held = site.browser().get("/api/projects", headers={"authorization": f"Bearer {token}"})
    assert code(held) == (401, "api_key_missing")
    assert code(member.log_in("li@example.com")) == (401, "login_failed")
    owner.patch(f"/api/members/{member_id}", {"disabled": False})
    assert member.log_in("li@example.com").status_code == 200
    assert verify_audit_log(site.database).broken is None


def test_a_statement_that_fails_shows_no_secret(site: Site) -> None:
    twice = [Member(email=OWNER, name="Wang", password_hash=secret) for secret in ("hush-1", "hush-2")]
    with pytest.raises(IntegrityError) as caught, site.database.session() as session:
        session.add_all(twice)
    assert "hush" not in str(caught.value)


def test_who_may_edit_data_may_export_it() -> None:
    """Sending data out for good asks for the one right alone."""
    rights = [*ROLE_PERMISSIONS.values(), *(permissions_of_scopes([scope]) for scope in SCOPES)]
    assert all("export" in held for held in rights if "edit_data" in held)
