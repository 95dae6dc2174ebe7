"""What holds of every channel, whatever it sends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import pytest

from bihuan.delivery import (
    KINDS,
    Call,
    Channel,
    Mail,
    Outgoing,
    Rejected,
    Result,
    Retry,
    Sent,
    Uncertain,
)
from tests.delivery.rigs import RIGS, Rig, opened
from tests.delivery.servers.listening import Reply

every_rig = pytest.mark.parametrize(
    "rig", RIGS, ids=lambda rig: f"{rig.kind}_apart" if rig.apart else rig.kind
)


def sent(channel: Channel, *batches: Sequence[Outgoing]) -> list[list[Result]]:
    """The results of batches, one after the other; the channel is closed."""

    async def run() -> list[list[Result]]:
        try:
            return [await channel.send(batch) for batch in batches]
        finally:
            await channel.close()

    return asyncio.run(run())


def test_every_kind_has_a_rig() -> None:
    assert {rig.kind for rig in RIGS} | {"apprise"} == set(KINDS)


@every_rig
def test_results_are_in_order_and_one_bad_message_spoils_no_other(rig: Rig) -> None:
    with opened(rig) as has:
        who = ["good", *rig.bad, "good", "wrong", *rig.bad, "good"]
        batch = [
            Outgoing(f"w-{place}", rig.good(place), _wrong(rig))
            if name == "wrong"
            else rig.message(place, name)
            for place, name in enumerate(who)
        ]
        (results,) = sent(has.channel, batch)
    unknown = Uncertain if rig.uncertain else Retry
    expected = {"good": Sent, "throttled": Retry, "silent": unknown, "dropped": unknown}
    expected |= {"dead": Rejected, "wrong": Rejected}
    for name, result in zip(who, results, strict=True):
        assert isinstance(result, expected[name]), (name, result)
        if isinstance(result, Rejected):
            assert result.address_is_dead is (name == "dead"), result
        if name == "throttled":
            assert isinstance(result, Retry)
            assert result.after_seconds == rig.wait_seconds, result
    assert has.taken() == who.count("good")
    assert not getattr(has.provider, "faults", [])
    named = [result.provider_id for result in results if isinstance(result, Sent)]
    assert len(set(named)) == len(named) or named == [""] * len(named)


@every_rig
def test_nobody_there_is_tried_again_later(rig: Rig) -> None:
    with opened(rig) as has:
        channel = has.channel
    begun = time.monotonic()
    ((result,),) = sent(channel, [rig.message(1)])
    assert isinstance(result, Retry), result
    assert time.monotonic() - begun < 5


@every_rig
def test_limits_are_kept(rig: Rig) -> None:
    with opened(rig, answer_seconds=20) as has:
        limits = has.channel.limits
        count = limits.batch + 1 if rig.kind == "sms_tencent" else min(limits.batch + 1, 60)
        (results,) = sent(has.channel, [rig.message(place) for place in range(count)])
        assert all(isinstance(each, Sent) for each in results), results[:3]
        assert has.taken() == count
        assert has.server.most_open <= limits.connections
        assert getattr(has.provider, "largest", 0) <= limits.batch


@every_rig
def test_connections_are_used_again_and_end_when_closed(rig: Rig) -> None:
    with opened(rig) as has:

        async def run() -> None:
            for place in range(6):
                (result,) = await has.channel.send([rig.message(place)])
                assert isinstance(result, Sent), result
            assert has.server.open >= 1, "they stay open"
            await has.channel.close()
            await has.channel.close()
            for _ in range(100):
                if has.server.open == 0:
                    return
                await asyncio.sleep(0.02)
            raise AssertionError("a connection is still open")

        asyncio.run(run())
        assert has.server.most_open <= 2
    assert has.server.open == 0


@every_rig
def test_secrets_and_addresses_are_nowhere_to_be_read(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(rig) as has:
        batch = [rig.message(0), *(rig.message(place, who) for place, who in enumerate(rig.bad, 1))]
        (results,) = sent(has.channel, batch)
    # The server's own log is not ours.
    written = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    everything = repr(has.channel) + repr(results) + "".join(written)
    everything += repr(vars(has.channel).get("_settings", ""))
    for secret in has.secrets:
        assert secret not in everything
    if rig.addressed and rig.has_dead:
        reasons = " ".join(getattr(each, "reason", "") for each in results)
        assert rig.bad["dead"] not in reasons


@pytest.mark.parametrize(
    "rig", [rig for rig in RIGS if rig.kind not in {"smtp", "apns"}], ids=lambda rig: rig.kind
)
def test_wrong_secrets_reject_no_message_for_good(rig: Rig) -> None:
    with opened(rig) as has:
        for name in ("secret", "token", "key", "signing", "email"):
            if hasattr(has.provider, name):
                setattr(has.provider, name, f"another-{name}")
        ((result,),) = sent(has.channel, [rig.message(1)])
        assert isinstance(result, Retry), result
        assert has.taken() == 0


@pytest.mark.parametrize("rig", [rig for rig in RIGS if rig.kind != "smtp"], ids=lambda rig: rig.kind)
def test_what_a_gateway_answers_in_its_place_is_uncertain(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(rig) as has:
        real = has.provider.checked
        status = 502

        def answer(request: Any) -> Reply:
            login = request.path.endswith(("/token", "/auth", "/cid"))
            return real(request) if login and "single" not in request.path else Reply(status)

        monkeypatch.setattr(has.provider, "checked", answer)

        async def run() -> tuple[Result, Result]:
            nonlocal status
            (gateway,) = await has.channel.send([rig.message(1)])
            status = 503
            (unavailable,) = await has.channel.send([rig.message(2)])
            await has.channel.close()
            return gateway, unavailable

        gateway, unavailable = asyncio.run(run())
    assert isinstance(gateway, Retry if rig.kind == "webhook" else Uncertain), gateway
    assert isinstance(unavailable, Retry), unavailable


def _wrong(rig: Rig) -> Any:
    return Call({"a": 1}) if KINDS[rig.kind].content is not Call else Mail("s")
