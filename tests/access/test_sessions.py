"""Logging in, cookies, forged requests, guessing."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import select, update

from bihuan.access.members.models import Member, PersonalToken
from bihuan.access.sessions import limits, totp
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.models import LoginLimit, MemberSession
from bihuan.access.sessions.passwords import hash_password, is_outdated
from bihuan.database import Database, utc_now
from tests.access.browsers import OWNER, PASSWORD, Browser, Site, code
from tests.access.guessing import guess
from tests.together import together


@pytest.fixture
def owner(site: Site) -> Browser:
    return site.owner()


def test_the_cookie_is_out_of_reach_of_scripts_and_kept_as_a_hash(site: Site, owner: Browser) -> None:
    answer = site.browser().log_in(OWNER)
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    value = re.match(r"bihuan_session=([^;]+)", cookie)
    assert value is not None
    with site.database.read_session() as session:
        kept = session.scalars(select(MemberSession.token_sha256)).all()
        row = session.scalars(select(MemberSession)).first()
    assert hashlib.sha256(value[1].encode()).hexdigest() in kept
    assert value[1] not in str(vars(row))
    secure = site.browser(base_url="https://bihuan.test")
    assert "Secure" in secure.log_in(OWNER).headers["set-cookie"]


def test_logging_in_again_ends_the_session_before(owner: Browser) -> None:
    before = owner.cookie
    assert owner.log_in(OWNER).status_code == 200
    after = owner.cookie
    assert before != after
    assert len(owner.get("/api/me/sessions").json()) == 1
    owner.client.cookies.set("bihuan_session", before or "", domain="bihuan.test", path="/")
    stale = owner.get("/api/me", headers={"cookie": f"bihuan_session={before}"})
    assert stale.status_code == 401


def test_logging_out_ends_the_session_on_the_server(site: Site, owner: Browser) -> None:
    held = owner.cookie
    gone = owner.post("/api/logout")
    assert gone.status_code == 204
    assert 'bihuan_session=""' in gone.headers["set-cookie"]
    stolen = site.browser(cookie=f"bihuan_session={held}")
    assert code(stolen.get("/api/me")) == (401, "session_ended")


def test_sessions_are_listed_and_ended(site: Site, owner: Browser) -> None:
    other = site.browser(**{"user-agent": "Phone"})
    other.log_in(OWNER)
    listed = {each["user_agent"]: each for each in owner.get("/api/me/sessions").json()}
    assert listed["Phone"]["current"] is False
    assert owner.delete(f"/api/me/sessions/{listed['Phone']['id']}").status_code == 204
    assert other.get("/api/me").status_code == 401
    assert owner.get("/api/me").status_code == 200
    member = site.member(owner, "li@example.com", "viewer")
    (mine,) = member.get("/api/me/sessions").json()
    assert code(owner.delete(f"/api/me/sessions/{mine['id']}")) == (404, "session_not_found")


@pytest.mark.parametrize(
    "change",
    [
        {"last_seen_at": utc_now() - sessions.IDLE},
        {"expires_at": utc_now()},
        {"last_seen_at": utc_now() - timedelta(days=1), "expires_at": utc_now() - timedelta(seconds=1)},
    ],
)
def test_a_session_ends_by_time(site: Site, owner: Browser, change: dict[str, object]) -> None:
    with site.database.session() as session:
        session.execute(update(MemberSession).values(**change))
    assert code(owner.get("/api/me")) == (401, "session_ended")


def test_a_session_in_use_goes_on(site: Site, owner: Browser) -> None:
    before = utc_now() - sessions.IDLE + timedelta(hours=1)
    with site.database.session() as session:
        session.execute(update(MemberSession).values(last_seen_at=before))
    assert owner.get("/api/me").status_code == 200
    with site.database.read_session() as session:
        assert session.scalars(select(MemberSession.last_seen_at)).one() > utc_now() - timedelta(minutes=1)


def test_changed_rights_change_the_cookie_and_the_old_one_ends(site: Site, owner: Browser) -> None:
    member = site.member(owner, "li@example.com", "viewer")
    before, page_token = member.cookie, member.me()["csrf_token"]
    member_id = member.me()["member"]["id"]
    owner.patch(f"/api/projects/shop/members/{member_id}", {"role": "director"})
    assert member.get("/api/projects/shop").status_code == 200
    assert member.cookie not in (before, None)
    assert member.me()["csrf_token"] == page_token
    under_way = site.browser(cookie=f"bihuan_session={before}")
    assert under_way.get("/api/me").status_code == 200
    with site.database.session() as session:
        session.execute(update(MemberSession).values(rotated_at=utc_now() - sessions.GRACE))
    assert under_way.get("/api/me").status_code == 401
    assert member.get("/api/me").status_code == 200


def test_a_new_password_ends_the_other_sessions(site: Site, owner: Browser) -> None:
    other = site.browser()
    other.log_in(OWNER)
    wrong = owner.post("/api/me/password", {"current": "not this one", "new": "quite another one"})
    assert code(wrong) == (403, "password_wrong")
    weak = owner.post("/api/me/password", {"current": PASSWORD, "new": "wang@example.com"})
    assert code(weak) == (422, "password_weak")
    changed = owner.post("/api/me/password", {"current": PASSWORD, "new": "quite another one"})
    assert changed.status_code == 204
    before = owner.cookie
    assert other.get("/api/me").status_code == 401
    assert owner.get("/api/me").status_code == 200
    assert owner.cookie != before
    assert site.browser().log_in(OWNER, "quite another one").status_code == 200


def test_a_change_needs_the_token_of_the_page(site: Site, owner: Browser) -> None:
    change = {"name": "Forged"}
    page = owner.csrf
    for wrong in (None, "0" * 64, "é"):
        owner.csrf = None
        headers = {} if wrong is None else {"x-csrf-token": wrong.encode()}
        assert code(owner.patch("/api/me", change, headers=headers)) == (403, "request_forged")
    owner.csrf = site.member(_again(site), "li@example.com", "viewer").csrf
    assert code(owner.patch("/api/me", change)) == (403, "request_forged")
    owner.csrf = page
    assert owner.patch("/api/me", {"name": "Wang Fang"}).json()["member"]["name"] == "Wang Fang"


def _again(site: Site) -> Browser:
    browser = site.browser()
    browser.log_in(OWNER)
    return browser


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "http://bihuan.test.evil.test"},
        {"origin": "http://[broken"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_change_from_another_origin_is_refused(site: Site, owner: Browser, headers: dict[str, str]) -> None:
    assert code(owner.patch("/api/me", {"name": "Forged"}, headers=headers)) == (403, "request_forged")
    login = {"email": OWNER, "password": PASSWORD}
    assert code(site.browser().post("/api/login", login, headers=headers)) == (403, "request_forged")
    own = {"origin": "http://bihuan.test", "sec-fetch-site": "same-origin"}
    assert owner.patch("/api/me", {"name": "Wang"}, headers=own).status_code == 200


def test_keys_need_no_token_of_a_page(site: Site, owner: Browser) -> None:
    made = owner.post("/api/projects/shop/api-keys", {"name": "k", "scopes": ["admin"]}).json()
    held = site.browser(authorization=f"Bearer {made['secret']}", origin="http://elsewhere.test")
    assert held.post("/api/projects/shop/sources", {"name": "web"}).status_code == 201
    assert code(held.get("/api/me")) == (403, "session_needed")


def test_a_token_never_may_more_than_its_member(site: Site, owner: Browser) -> None:
    member = site.member(owner, "li@example.com", "viewer")
    made = member.post("/api/me/tokens", {"name": "robot", "scopes": ["admin"]}).json()
    listed = member.get("/api/me/tokens").json()["items"]
    assert [(each["name"], each["secret_ending"]) for each in listed] == [("robot", made["secret"][-4:])]
    assert "secret" not in listed[0]
    robot = site.browser(authorization=f"Bearer {made['secret']}")
    assert robot.get("/api/projects/shop").status_code == 200
    assert robot.get("/api/projects/game").status_code == 404
    assert [each["id"] for each in robot.get("/api/projects").json()["items"]] == ["shop"]
    assert code(robot.post("/api/projects/shop/sources", {"name": "w"})) == (403, "permission_missing")
    member_id = member.me()["member"]["id"]
    owner.patch(f"/api/projects/shop/members/{member_id}", {"role": "director"})
    assert robot.post("/api/projects/shop/sources", {"name": "w"}).status_code == 201
    assert member.delete(f"/api/me/tokens/{made['id']}").json()["revoked_at"] is not None
    assert code(robot.get("/api/projects/shop")) == (401, "api_key_missing")
    assert code(owner.delete(f"/api/me/tokens/{made['id']}")) == (404, "token_not_found")


def test_a_token_may_less_than_its_member_and_expires(site: Site, owner: Browser) -> None:
    later = (utc_now() + timedelta(hours=1)).isoformat()
    made = owner.post("/api/me/tokens", {"name": "r", "scopes": ["view"], "expires_at": later}).json()
    robot = site.browser(authorization=f"Bearer {made['secret']}")
    assert robot.get("/api/projects/shop").status_code == 200
    assert code(robot.get("/api/keys")) == (403, "permission_missing")
    assert code(robot.post("/api/projects/shop/sources", {"name": "w"})) == (403, "permission_missing")
    with site.database.session() as session:
        session.execute(update(PersonalToken).values(expires_at=utc_now()))
    assert robot.get("/api/projects/shop").status_code == 401


def test_codes_are_those_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    for moment, expected in [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]:
        assert totp.code_at(secret, moment // 30) == expected
        assert totp.step_of(secret, expected, moment + 29) == moment // 30
        assert totp.step_of(secret, expected, moment + 90) is None
        assert totp.step_of(secret, expected, moment, used_step=moment // 30) is None


def _code(secret: str, later: int = 0) -> str:
    return totp.code_at(secret, int(time.time()) // 30 + later)


def test_logging_in_asks_for_a_code_once_one_is_confirmed(site: Site, owner: Browser) -> None:
    started = owner.post("/api/me/totp").json()
    assert started["otpauth_uri"].startswith("otpauth://totp/Bihuan%3Awang%40example.com?secret=")
    assert site.browser().log_in(OWNER).status_code == 200
    assert code(owner.post("/api/me/totp/confirm", {"code": "000000"})) == (422, "totp_wrong")
    used = _code(started["secret"])
    assert owner.post("/api/me/totp/confirm", {"code": used}).status_code == 204
    assert owner.me()["member"]["totp_enabled"] is True
    guest = site.browser()
    assert code(guest.log_in(OWNER)) == (401, "totp_needed")
    assert code(guest.log_in(OWNER, "wrong password")) == (401, "login_failed")
    assert code(guest.log_in(OWNER, totp="000000")) == (401, "login_failed")
    assert code(guest.log_in(OWNER, totp=used)) == (401, "login_failed")
    assert guest.log_in(OWNER, totp=_code(started["secret"], later=1)).status_code == 200
    assert code(owner.delete("/api/me/totp", {"password": "wrong password"})) == (403, "password_wrong")
    assert owner.delete("/api/me/totp", {"password": PASSWORD}).status_code == 204
    assert site.browser().log_in(OWNER).status_code == 200


def test_guessing_locks_the_account_for_a_while_even_for_the_right_password(
    site: Site, owner: Browser
) -> None:
    guest = site.browser()
    for _ in range(limits.ACCOUNT_ATTEMPTS):
        assert code(guest.log_in(OWNER, "a wrong guess")) == (401, "login_failed")
    locked = guest.log_in(OWNER)
    assert code(locked) == (429, "login_locked")
    assert 0 < int(locked.headers["retry-after"]) <= limits.WINDOW.total_seconds()
    assert owner.get("/api/me").status_code == 200
    with site.database.session() as session:
        session.execute(update(LoginLimit).values(locked_until=utc_now(), window_ends_at=utc_now()))
    assert guest.log_in(OWNER).status_code == 200
    assert code(guest.log_in(OWNER, "a wrong guess")) == (401, "login_failed")


def test_an_unknown_account_is_locked_alike(site: Site, owner: Browser) -> None:
    guest = site.browser()
    answers = [code(guest.log_in("nobody@example.com", "x" * 12)) for _ in range(limits.ACCOUNT_ATTEMPTS + 1)]
    assert answers[:-1] == [(401, "login_failed")] * limits.ACCOUNT_ATTEMPTS
    assert answers[-1] == (429, "login_locked")


def test_guessing_many_accounts_locks_the_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESS_ATTEMPTS", 5)
    site.owner()
    guest = site.browser()
    for number in range(5):
        assert guest.log_in(f"m{number}@example.com", "a wrong guess").status_code == 401
    assert code(guest.log_in(OWNER)) == (429, "login_locked")


def test_logging_in_rightly_is_never_counted(site: Site, owner: Browser) -> None:
    for _ in range(3):
        assert site.browser().log_in(OWNER).status_code == 200
    with site.database.read_session() as session:
        assert [(row.key[:7], row.attempts) for row in session.scalars(select(LoginLimit))] == [
            ("address", 0)
        ]


def test_processes_share_the_count(control_dsn: str) -> None:
    Database.open(control_dsn).dispose()
    assert sum(together(3, guess, control_dsn, OWNER)) == limits.ACCOUNT_ATTEMPTS


def test_passwords_are_hashed_as_rfc_9106_recommends(real_passwords: PasswordHasher) -> None:
    kept = extract_parameters(hash_password(PASSWORD))
    assert kept == RFC_9106_LOW_MEMORY
    assert real_passwords.memory_cost == 64 << 10


@pytest.mark.usefixtures("real_passwords")
def test_an_unknown_address_takes_as_long_as_a_wrong_password(site: Site, owner: Browser) -> None:
    def median(email: str) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            site.browser().log_in(email, "a wrong guess")
            taken.append(time.perf_counter() - started)
        return sorted(taken)[2]

    known, unknown = median(OWNER), median("nobody@example.com")
    # Argon2 is most of it; without it an unknown address would answer in a tenth of the time.
    assert unknown > known / 3


@pytest.mark.usefixtures("real_passwords")
def test_a_hash_made_with_weaker_settings_is_renewed(site: Site, owner: Browser) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with site.database.session() as session:
        session.execute(update(Member).values(password_hash=weak))
    assert site.browser().log_in(OWNER).status_code == 200
    with site.database.read_session() as session:
        kept = session.scalars(select(Member.password_hash)).one()
    assert kept is not None
    assert kept != weak
    assert kept.startswith("$argon2id$")
    assert is_outdated(weak)
    assert not is_outdated(kept)


def test_every_answer_carries_the_security_headers(site: Site, owner: Browser) -> None:
    for answer in (owner.get("/api/me"), owner.get("/nothing"), site.browser().get("/api/me")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in re.sub("style-src [^;]+", "", policy)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers
    secure = site.browser(base_url="https://bihuan.test").get("/api/setup")
    assert secure.headers["strict-transport-security"].startswith("max-age=")
    assert owner.get("/api/me").headers["cache-control"] == "no-store"
