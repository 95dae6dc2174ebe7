"""Logging in at a real OpenID Connect provider, which runs in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import Response

from bihuan.access import OidcProvider
from bihuan.access.oidc import routes
from bihuan.access.oidc.errors import OidcRefused, OidcUnreachable
from tests.access.browsers import OWNER, Browser, Site, code

START_SECONDS = 60
USERS = [
    {"sub": "wang", "email": OWNER, "email_verified": True, "name": "Wang Fang"},
    {"sub": "li", "email": "Li@Example.com", "email_verified": True, "name": "李雷"},
    {"sub": "mallory", "email": OWNER, "email_verified": False},
    {"sub": "nobody", "email": "nobody@example.com", "email_verified": True},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for user in USERS:
        claims = {name: value for name, value in user.items() if name != "sub"}
        command += ["--user-claims", json.dumps({"sub": user["sub"], **claims})]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the provider ended"
                assert time.monotonic() < deadline, "the provider did not start"
                time.sleep(0.1)
        yield address
        process.terminate()


@pytest.fixture
def company(site: Site, issuer: str) -> Site:
    site.app.state.oidc = OidcProvider(issuer, "bihuan", "secret", "公司账号")
    return site


def _begin(browser: Browser, **params: str) -> str:
    sent = browser.get("/api/oidc/login", params=params, follow_redirects=False)
    assert sent.status_code == 307, sent.text
    return str(sent.headers["location"])


def _at_provider(address: str, subject: str) -> str:
    """Log in at the provider; where it sends the browser back to."""
    answer = httpx.post(address, data={"sub": subject}, follow_redirects=False, trust_env=False)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"]).removeprefix("http://bihuan.test")


def _come_back(browser: Browser, path: str) -> Response:
    return browser.get(path, follow_redirects=False)


def _log_in(browser: Browser, subject: str, **params: str) -> str:
    return str(_come_back(browser, _at_provider(_begin(browser, **params), subject)).headers["location"])


def test_a_member_logs_in_at_the_provider(company: Site) -> None:
    company.owner()
    browser = company.browser()
    assert browser.get("/api/oidc").json() == {"enabled": True, "name": "公司账号"}
    assert _log_in(browser, "wang", next="/projects/shop?a=1") == "/projects/shop?a=1"
    me = browser.me()
    assert me["member"]["email"] == OWNER
    browser.csrf = me["csrf_token"]
    assert browser.patch("/api/me", {"name": "Fang"}).status_code == 200
    actions = [each["action"] for each in browser.get("/api/audit").json()["items"]]
    assert actions[1:3] == ["login.succeeded", "member.oidc_linked"]


def test_the_request_has_a_state_a_nonce_and_a_challenge(company: Site) -> None:
    asked = parse_qs(urlsplit(_begin(company.browser())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["redirect_uri"] == ["http://bihuan.test/api/oidc/callback"]
    assert asked["scope"] == ["openid email profile"]


def test_whoever_is_invited_becomes_a_member(company: Site) -> None:
    owner = company.owner()
    assert _log_in(company.browser(), "li") == "/login?error=oidc_member_unknown"
    owner.post("/api/projects/shop/invitations", {"email": "li@example.com", "role": "analyst"})
    browser = company.browser()
    assert _log_in(browser, "li") == "/"
    me = browser.me()
    assert (me["member"]["name"], me["member"]["has_password"]) == ("李雷", False)
    assert [(each["id"], each["role"]) for each in me["projects"]] == [("shop", "analyst")]
    assert owner.get("/api/projects/shop/invitations").json()["items"] == []
    assert code(company.browser().log_in("li@example.com", "anything at all")) == (401, "login_failed")
    assert _log_in(company.browser(), "li") == "/"


def test_an_address_that_the_provider_did_not_check_opens_no_account(company: Site) -> None:
    company.owner()
    browser = company.browser()
    assert _log_in(browser, "mallory") == "/login?error=oidc_member_unknown"
    assert browser.get("/api/me").status_code == 401
    assert _log_in(browser, "nobody") == "/login?error=oidc_member_unknown"


def test_a_disabled_member_stays_out(company: Site) -> None:
    owner = company.owner()
    owner.post("/api/projects/shop/invitations", {"email": "li@example.com", "role": "owner"})
    browser = company.browser()
    _log_in(browser, "li")
    member_id = browser.me()["member"]["id"]
    owner.patch(f"/api/members/{member_id}", {"disabled": True})
    assert _log_in(browser, "li") == "/login?error=oidc_member_unknown"


def test_an_answer_that_was_not_asked_for_is_refused(company: Site) -> None:
    company.owner()
    browser, other = company.browser(), company.browser()
    refused = "/login?error=oidc_refused"
    back = _at_provider(_begin(browser), "wang")
    assert _come_back(other, back).headers["location"] == refused
    _begin(other)
    assert _come_back(other, back).headers["location"] == refused
    assert other.get("/api/me").status_code == 401
    assert _come_back(browser, back.replace("code=", "code=x")).headers["location"] == refused
    again = _at_provider(_begin(browser), "wang")
    assert _come_back(browser, again).headers["location"] == "/"
    assert _come_back(browser, again).headers["location"] == refused


def test_a_cookie_that_was_changed_or_is_old_is_refused(
    company: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.owner()
    browser = company.browser()
    back = _at_provider(_begin(browser), "wang")
    cookie = browser.client.cookies["bihuan_oidc"]
    forged = cookie.replace(cookie[5], "A" if cookie[5] != "A" else "B", 1)
    answer = company.browser(cookie=f"bihuan_oidc={forged}").get(back, follow_redirects=False)
    assert answer.headers["location"] == "/login?error=oidc_refused"
    later = time.time() + 601
    monkeypatch.setattr(routes.time, "time", lambda: later)
    assert _come_back(browser, back).headers["location"] == "/login?error=oidc_refused"


@pytest.mark.parametrize(
    "page", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:x", "/a\n"]
)
def test_the_way_back_stays_on_this_server(company: Site, page: str) -> None:
    company.owner()
    assert _log_in(company.browser(), "wang", next=page) == "/"


def test_a_token_for_another_nonce_or_client_is_refused(issuer: str) -> None:
    back = "http://bihuan.test/api/oidc/callback"
    for client, nonce in (("bihuan", "another"), ("bihuan", "n")):
        provider = OidcProvider(issuer, client, "secret", "x")
        address = provider.login_address(back, state="s", nonce="n", verifier="v" * 50)
        came = parse_qs(urlsplit(_at_provider(address, "wang")).query)["code"][0]
        if nonce == "n":
            assert provider.identity(back, code=came, nonce=nonce, verifier="v" * 50).email == OWNER
        else:
            with pytest.raises(OidcRefused):
                provider.identity(back, code=came, nonce=nonce, verifier="v" * 50)


def test_a_provider_that_is_away_is_said_so() -> None:
    provider = OidcProvider("http://127.0.0.1:9", "bihuan", "secret", "x")
    with pytest.raises(OidcUnreachable):
        provider.login_address("http://bihuan.test/", state="s", nonce="n", verifier="v" * 50)


def test_without_a_provider_there_is_none(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/api/oidc").json() == {"enabled": False, "name": None}
    assert code(browser.get("/api/oidc/login")) == (404, "oidc_off")
