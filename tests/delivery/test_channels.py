"""What is particular to one kind: tokens, ids that keep a message from going twice, limits of providers."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from bihuan.delivery import (
    KINDS,
    Call,
    Channel,
    Outgoing,
    Post,
    Push,
    Rejected,
    Result,
    Retry,
    Sent,
    Uncertain,
    open_channel,
)
from bihuan.delivery.errors import AddressRefused, ChannelKindUnknown, ChannelSettingsInvalid
from bihuan.delivery.push.apns import Apns, ApnsSettings
from bihuan.delivery.webhooks.signing import signed_headers
from tests.delivery.rigs import RIGS, opened
from tests.delivery.servers import push
from tests.delivery.servers.http2 import http2_listening
from tests.delivery.servers.listening import Reply, Request, listening

RIG = {rig.kind: rig for rig in RIGS}
HOOK = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}


def send(channel: Channel, *batches: Sequence[Outgoing]) -> list[list[Result]]:
    async def run() -> list[list[Result]]:
        try:
            return [await channel.send(batch) for batch in batches]
        finally:
            await channel.close()

    return asyncio.run(run())


def test_settings_and_secrets_are_kept_apart() -> None:
    with pytest.raises(ChannelKindUnknown):
        open_channel("pigeon", {}, {})
    for settings, secrets in (
        ({"url": "https://example.com/", "secret": HOOK["secret"]}, {}),
        ({"url": "https://example.com/"}, {}),
        ({"url": "https://example.com/"}, {"secret": "whsec_short"}),
        ({}, {**HOOK, "url": "https://example.com/"}),
        ({"url": "https://example.com/", "more": 1}, HOOK),
    ):
        with pytest.raises(ChannelSettingsInvalid) as raised:
            open_channel("webhook", settings, secrets)
        assert HOOK["secret"] not in str(raised.value)
        assert "whsec_short" not in str(raised.value)
    for kind in KINDS.values():
        assert kind.secret_fields, kind.name
        assert kind.settings.model_json_schema()
    for key in ("", "no key", "-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----"):
        with pytest.raises(ChannelSettingsInvalid):
            open_channel("fcm", {}, {"service_account": json.dumps({"private_key": key})})


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in {"smtp", "apprise", "fcm", "apns"}])
def test_no_request_goes_inside_unless_it_is_allowed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = RIG[kind]
    provider = rig.make()
    secrets = rig.secrets(provider)
    for url in ("http://127.0.0.1:9/", "https://10.0.0.1/", "https://[::1]/", "http://example.com/"):
        with pytest.raises(AddressRefused):
            open_channel(kind, rig.settings(provider, url.rstrip("/")), secrets)
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: inside)
    channel = open_channel(kind, rig.settings(provider, "https://rebinding.example"), secrets)
    ((result,),) = send(channel, [rig.message(1)])
    assert isinstance(result, Retry)
    assert "not an address on the internet" in result.reason


def test_the_signature_of_standard_webhooks() -> None:
    body = b'{"test": 2432232314}'
    made = signed_headers(HOOK["secret"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_follows_no_redirect_and_keeps_its_id() -> None:
    with listening(lambda request: Reply(204)) as elsewhere, opened(RIG["webhook"]) as has:
        real, answers = has.provider.checked, [Reply(302, None, {"Location": elsewhere.url}), None]

        def answer(request: Request) -> Reply:
            given = answers.pop(0)
            return given if given is not None else real(request)

        has.provider.checked = answer
        message = Outgoing("évil\r\nid", "", Call({"who": "x"}))
        first, second = send(has.channel, [message], [message])
        assert isinstance(first[0], Retry)
        assert isinstance(second[0], Sent)
        assert elsewhere.requests == []
        assert len({each.headers["webhook-id"] for each in has.server.requests}) == 1


def test_fcm_asks_for_one_token_and_for_another_when_it_is_refused() -> None:
    with opened(RIG["fcm"]) as has:

        async def run() -> list[Result]:
            found = await has.channel.send([RIG["fcm"].message(place) for place in range(20)])
            assert has.provider.tokens_given == 1
            has.provider.token = "ya29.another"
            found += await has.channel.send([RIG["fcm"].message(21)])
            await has.channel.close()
            return found

        assert all(isinstance(each, Sent) for each in asyncio.run(run()))
        assert has.provider.tokens_given == 2
        big = Outgoing("m", "device", Push("t", "x" * 5_000))
    _, message = has.provider.taken[0]
    assert message["data"] == {"campaign": "c1", "link": "https://shop.example/a"}
    with opened(RIG["fcm"]) as has:
        ((result,),) = send(has.channel, [big])
        assert isinstance(result, Rejected)
        assert not result.address_is_dead


def test_jpush_asks_again_with_the_same_cid_so_that_none_goes_twice() -> None:
    with opened(RIG["jpush"]) as has:
        has.provider.forgetful = True
        ((result,),) = send(has.channel, [RIG["jpush"].message(1, "dropped")])
        assert isinstance(result, Sent)
        assert has.taken() == 1


def test_getui_drops_what_comes_twice() -> None:
    with opened(RIG["getui"]) as has:
        message = RIG["getui"].message(1)

        async def run() -> None:
            for _ in range(2):
                (result,) = await has.channel.send([message])
                assert isinstance(result, Sent)
            has.provider.token = "token-2"
            (result,) = await has.channel.send([RIG["getui"].message(2)])
            assert isinstance(result, Sent)
            await has.channel.close()

        asyncio.run(run())
        assert has.taken() == 2
        assert has.provider.logins == 2


def test_apns_speaks_http2_over_one_connection() -> None:
    provider = push.Apns(dead=["deaddevice"], silent=["silentdevice"], throttled=["throttleddevice"])
    rig = RIG["apns"]
    with http2_listening(provider.answer) as server:
        given = {**rig.settings(provider, server.url), **rig.secrets(provider), "answer_seconds": 1}
        channel = Apns(ApnsSettings.model_validate(given), True)
        who = ["good", "dead", "good", "throttled", "silent", *["good"] * 40]
        (results,) = send(channel, [rig.message(place, name) for place, name in enumerate(who)])
        assert [type(each) for each in results[:5]] == [Sent, Rejected, Sent, Retry, Uncertain]
        assert all(isinstance(each, Sent) for each in results[5:])
        assert server.most_open <= 2
        assert not provider.faults


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_robots_mention_and_refuse_what_is_too_long(kind: str) -> None:
    long = Post("t", "好" * 7_000)
    with opened(RIG[kind]) as has:
        batch = [Outgoing("m", "13800138000", Post("日报", "**x**")), Outgoing("m2", "", long)]
        (results,) = send(has.channel, batch)
    assert isinstance(results[0], Sent)
    assert isinstance(results[1], Rejected)
    ((_, body),) = has.provider.taken
    assert "13800138000" in json.dumps(body)
    assert not has.provider.faults


def test_apprise_says_yes_or_perhaps() -> None:
    def answer(request: Request) -> Reply:
        assert request.json["message"]
        return Reply(200 if request.path == "/yes" else 500)

    with listening(answer) as server:
        found: list[Any] = []
        for path in ("yes", "no"):
            url = f"json://127.0.0.1:{server.url.rpartition(':')[2]}/{path}"
            channel = open_channel("apprise", {}, {"url": url}, private=True)
            batch = [Outgoing("m", "", Post("日报", "**x**")), Outgoing("m", "", Call({}))]
            found += send(channel, batch)
    assert [[type(each) for each in results] for results in found] == [
        [Sent, Rejected],
        [Uncertain, Rejected],
    ]


def test_apprise_reaches_neither_this_machine_nor_its_network() -> None:
    open_channel("apprise", {}, {"url": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"})
    for url in ("syslog://", "json://127.0.0.1/", "fcm://p/t?keyfile=/etc/passwd", "nonsense", "dbus://"):
        with pytest.raises(ChannelSettingsInvalid) as raised:
            open_channel("apprise", {}, {"url": url})
        assert url not in str(raised.value)
    for url in ("syslog://", "fcm://project@apikey/t?keyfile=/etc/passwd"):
        with pytest.raises(ChannelSettingsInvalid):
            open_channel("apprise", {}, {"url": url}, private=True)
