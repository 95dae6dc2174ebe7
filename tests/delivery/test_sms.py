"""Text messages: signatures of the providers' own examples, what is charged, and what is sent."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.delivery import Outgoing, Rejected, Result, Retry, Segments, Sent, Sms, sms_segments
from bihuan.delivery.sms.numbers import aliyun_number, e164
from bihuan.delivery.sms.signatures import acs3_authorization, tc3_authorization
from tests.delivery.rigs import RIGS, Opened, opened

RIG = {rig.kind: rig for rig in RIGS}


def send(has: Opened, *messages: Outgoing) -> list[Result]:
    async def run() -> list[Result]:
        try:
            return await has.channel.send(messages)
        finally:
            await has.channel.close()

    return asyncio.run(run())


def test_the_signature_of_aliyuns_example() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    made = acs3_authorization("YourAccessKeyId", "YourAccessKeySecret", "POST", "/", query, headers)
    assert made.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_the_signature_of_tencents_example() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    made = tc3_authorization(
        "AKIDEXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", 1551113065, headers, body
    )
    assert made.endswith("Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")


@pytest.mark.parametrize(
    ("text", "signature", "rule", "expected"),
    [
        ("", "", "gsm", Segments("gsm7", 0, 1)),
        ("a" * 160, "", "gsm", Segments("gsm7", 160, 1)),
        ("a" * 161, "", "gsm", Segments("gsm7", 161, 2)),
        ("a" * 306, "", "gsm", Segments("gsm7", 306, 2)),
        ("a" * 307, "", "gsm", Segments("gsm7", 307, 3)),
        ("€" * 80, "", "gsm", Segments("gsm7", 160, 1)),
        # An escape and what it escapes do not stand in two parts: 152 + 2 is more than 153.
        ("a" * 152 + "€" + "a" * 152, "", "gsm", Segments("gsm7", 306, 3)),
        ("好" * 70, "", "gsm", Segments("ucs2", 70, 1)),
        ("好" * 71, "", "gsm", Segments("ucs2", 71, 2)),
        ("好" * 134, "", "gsm", Segments("ucs2", 134, 2)),
        ("好" * 135, "", "gsm", Segments("ucs2", 135, 3)),
        ("😀" * 35, "", "gsm", Segments("ucs2", 70, 1)),
        ("😀" * 36, "", "gsm", Segments("ucs2", 72, 2)),
        ("😀" * 67, "", "gsm", Segments("ucs2", 134, 3)),
        ("a" * 70, "", "chinese", Segments("ucs2", 70, 1)),
        ("a" * 71, "", "chinese", Segments("ucs2", 71, 2)),
        ("好" * 64, "闭环商城", "chinese", Segments("ucs2", 70, 1)),
        ("好" * 65, "闭环商城", "chinese", Segments("ucs2", 71, 2)),
        ("好" * 201, "", "chinese", Segments("ucs2", 201, 3)),
        ("a" * 60, "Shop", "gsm", Segments("ucs2", 66, 1)),
    ],
)
def test_segments(text: str, signature: str, rule: str, expected: Segments) -> None:
    assert sms_segments(text, signature, "chinese" if rule == "chinese" else "gsm") == expected


@given(st.text(max_size=400), st.text(max_size=5))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert sms_segments(text + more).segments >= sms_segments(text).segments
    chinese = sms_segments(text, rule="chinese").segments
    assert sms_segments(text + more, rule="chinese").segments >= chinese


def test_numbers() -> None:
    for written in ("13800138000", "+8613800138000", "86 138-0013-8000", "008613800138000"):
        assert e164(written) == "+8613800138000"
    assert e164("+1 (415) 867-5309") == "+14158675309"
    for wrong in ("", "12345", "+0123456789", "abc", "+86138001380001234"):
        assert e164(wrong) is None
    assert aliyun_number("+8613800138000") == "13800138000"
    assert aliyun_number("+14158675309") == "14158675309"


def test_what_aliyun_is_told() -> None:
    with opened(RIG["sms_aliyun"]) as has:
        given = Sms(parameters={"name": "安", "code": "7"}, template_id="SMS_9", signature="闭环商城")
        results = send(
            has,
            Outgoing("m1", "138 0013 8000", given),
            Outgoing("m2", "12", given),
            Outgoing("m3", "13800138001", Sms(text="你好", template_id="SMS_1", signature="闭环")),
            Outgoing("m4", "13800138002", Sms(text="no template")),
        )
    assert isinstance(results[0], Sent)
    assert results[0].provider_id.startswith("biz^")
    assert results[1] == Rejected("no phone number", address_is_dead=True)
    assert isinstance(results[3], Rejected)
    (number, told), (_, plain) = sorted(has.provider.taken)
    assert number == "13800138000"
    assert json.loads(told["TemplateParam"]) == {"name": "安", "code": "7"}
    assert (told["SignName"], told["TemplateCode"], told["OutId"]) == ("闭环商城", "SMS_9", "m1")
    assert json.loads(plain["TemplateParam"]) == {"content": "你好"}


def test_what_says_the_same_goes_to_tencent_in_one_request() -> None:
    def sms(value: str) -> Sms:
        return Sms(parameters={"1": value}, template_id="1", signature="闭环")

    with opened(RIG["sms_tencent"]) as has:
        numbers = ["13800138000", "13800138001", "+14158675309", "13800138000", "13900000001"]
        messages = [Outgoing(f"m{place}", each, sms("a")) for place, each in enumerate(numbers)]
        messages.append(Outgoing("other", "13800138009", sms("b")))
        results = send(has, *messages)
        asked = sorted(len(each.json["PhoneNumberSet"]) for each in has.server.requests)
    assert asked == [1, 1, 1, 3], "alike and of one country, no number twice"
    assert [type(each) for each in results] == [Sent, Sent, Sent, Sent, Rejected, Sent]
    assert getattr(results[4], "address_is_dead", None) is True
    assert len({each.provider_id for each in results if isinstance(each, Sent)}) == 5


def test_what_twilio_is_told() -> None:
    with opened(RIG["sms_twilio"], status_callback="https://shop.example/told") as has:
        results = send(
            has,
            Outgoing("m1", "+14158675309", Sms(text="Hi", signature="Shop")),
            Outgoing("m2", "+14158675309", Sms(text="x" * 1_601)),
            Outgoing("m3", "+14158675309", Sms()),
        )
    assert [type(each) for each in results] == [Sent, Rejected, Rejected]
    ((_, form),) = has.provider.taken
    assert form == {
        "To": "+14158675309",
        "Body": "【Shop】Hi",
        "From": "+15005550006",
        "StatusCallback": "https://shop.example/told",
    }


def test_a_wait_is_not_an_address_that_is_dead() -> None:
    with opened(RIG["sms_twilio"]) as has:
        (result,) = send(has, Outgoing("m", "+8613900000002", Sms(text="Hi")))
    assert isinstance(result, Retry)
