"""Mail: what a real server receives, and what is known when servers and connections fail."""

from __future__ import annotations

import asyncio
import time
from email import message_from_bytes, policy
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.delivery import Channel, Mail, Outgoing, Rejected, Result, Retry, Sent, Uncertain, open_channel
from bihuan.delivery.errors import ChannelSettingsInvalid
from bihuan.delivery.mail.mime import mail_address, written_mail
from bihuan.delivery.mail.replies import result_of_reply
from tests.delivery.servers.smtp import PASSWORD, Mailboxes, certificate, mail_server

HEADERS = {
    "List-Unsubscribe": "<https://shop.example/u/" + "k" * 90 + ">, <mailto:stop@shop.example>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
WHOLE = Mail(
    "春季大促：全场五折 🎉", "<p>你好，<b>安</b></p>\n.\n<p>x</p>", "你好，安\n.\n..两点\r\nEnde", HEADERS
)


def channel(*servers: dict[str, Any], **more: Any) -> Channel:
    given = [{"host": "127.0.0.1", "security": "none", **each} for each in servers]
    secrets = {"passwords": {"127.0.0.1": PASSWORD}}
    settings = {"servers": given, "sender": "商城 <news@shop.example>", "answer_seconds": 1, **more}
    return open_channel("smtp", settings, secrets)


def mail(place: int, address: str = "", content: Mail | None = None) -> Outgoing:
    return Outgoing(f"m{place}", address or f"p{place}@example.com", content or Mail("s", "<p>a</p>", "a"))


def send(out: Channel, *batches: list[Outgoing]) -> list[list[Result]]:
    async def run() -> list[list[Result]]:
        try:
            return [await out.send(batch) for batch in batches]
        finally:
            await out.close()

    return asyncio.run(run())


def test_a_mail_arrives_as_it_was_meant() -> None:
    with mail_server() as boxes:
        ((result,),) = send(channel({"port": boxes.port}), [mail(7, "ann@例子.example", WHOLE)])
    assert result == Sent("<m7@shop.example>")
    ((sender, recipient, raw),) = boxes.taken
    assert (sender, recipient) == ("news@shop.example", "ann@xn--fsqu00a.example")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    (got,) = boxes.mails()
    assert got["Subject"] == WHOLE.subject
    assert getaddresses([str(got["From"])]) == [("商城", "news@shop.example")]
    assert got["Message-ID"] == "<m7@shop.example>"
    assert {name: got[name] for name in HEADERS} == HEADERS
    assert got.get_content_type() == "multipart/alternative"
    plain, html = got.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == "你好，安\n.\n..两点\nEnde"
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == WHOLE.html
    assert not [part.defects for part in got.walk() if part.defects]


@settings(max_examples=60)
@given(
    subject=st.text(max_size=200),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    name=st.text(max_size=60),
    header=st.text(max_size=120),
)
def test_nothing_that_is_given_becomes_a_header_or_recipient_of_its_own(
    subject: str, text: str, name: str, header: str
) -> None:
    quoted = name.replace("\\", "").replace('"', "")
    content = Mail(subject, text, text, {"X-Note": header}, f'"{quoted}" <news@shop.example>')
    try:
        written = written_mail("m", "ann@example.com", content, "x@y.example", "")
    except ValueError:
        return
    got = message_from_bytes(written.content, policy=policy.default)
    expected = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "X-Note"]
    assert got.keys()[:7] == expected
    assert set(got.keys()[7:]) <= {"Content-Type", "Content-Transfer-Encoding"}
    assert str(got["To"]) == "ann@example.com"
    assert written.recipient == "ann@example.com"


def test_injection_is_refused() -> None:
    evil = "x\r\nBcc: all@example.com"
    with mail_server() as boxes:
        batch = [
            mail(1, content=Mail(evil, "a")),
            mail(2, content=Mail("s", "a", headers={"X-A": evil})),
            mail(3, content=Mail("s", "a", headers={"X-A: b\r\nBcc": "all@example.com"})),
            mail(4, content=Mail("s", "a", headers={"Bcc": "all@example.com"})),
            mail(5, "ann@example.com\r\nRCPT TO:<all@example.com>"),
            mail(6, "ann@example.com> <all@example.com"),
            mail(7, content=Mail("s", "a", sender="x\r\nBcc: all@example.com <a@shop.example>")),
        ]
        (results,) = send(channel({"port": boxes.port}), batch)
    assert [type(each) for each in results] == [Sent, Rejected, Rejected, Rejected, Rejected, Rejected, Sent]
    assert len(boxes.taken) == 2
    assert all("all@example.com" not in recipient for _, recipient, _ in boxes.taken)
    assert all(got["Bcc"] is None for got in boxes.mails())


def test_replies_are_told_apart() -> None:
    names = ("dead", "late-dead", "throttled", "full", "policy")
    with mail_server() as boxes:
        batch = [mail(place, f"{name}@example.com") for place, name in enumerate(names)]
        (results,) = send(channel({"port": boxes.port, "connections": 1}), [*batch, mail(9)])
        assert boxes.connections == 1, "a refusal costs no connection"
    assert [type(each) for each in results] == [Rejected, Rejected, Retry, Rejected, Rejected, Sent]
    dead = [each.address_is_dead for each in results if isinstance(each, Rejected)]
    assert dead == [True, True, False, False]
    assert isinstance(result_of_reply(550, "5.1.8 bad sender", of_recipient=True), Rejected)
    assert result_of_reply(550, "5.1.8 bad", of_recipient=True) == Rejected("550 5.1.8 bad")
    assert result_of_reply(550, "5.1.1 no", of_recipient=False) == Rejected("550 5.1.1 no")


def test_what_broke_after_the_content_is_uncertain_and_before_it_is_not() -> None:
    with mail_server() as boxes:
        batch = [mail(1, "dropped@example.com"), mail(2, "silent@example.com"), mail(3)]
        (results,) = send(channel({"port": boxes.port}), batch)
        assert [type(each) for each in results] == [Uncertain, Uncertain, Sent]
        boxes.broken_at_rcpt = 1
        out = channel({"port": boxes.port, "connections": 1})
        before = len(boxes.taken)
        first, second = send(out, [mail(4)], [mail(5)])
        assert isinstance(first[0], Retry), first
        assert isinstance(second[0], Sent)
        assert len(boxes.taken) == before + 1


def test_names_of_any_script_go_to_servers_that_take_them() -> None:
    addresses = ["用户.一@例子.example", "plain@example.com", "δοκιμή@example.com"]
    batch = [mail(place, address, WHOLE) for place, address in enumerate(addresses)]
    with mail_server(wide=True) as boxes:
        (results,) = send(channel({"port": boxes.port, "connections": 1}), batch)
    assert [type(each) for each in results] == [Sent] * 3
    assert [taken[1] for taken in boxes.taken] == [
        "用户.一@xn--fsqu00a.example",
        "plain@example.com",
        "δοκιμή@example.com",
    ]
    first = boxes.mails()[0]
    assert str(first["to"]) == "用户.一@xn--fsqu00a.example"
    assert str(first["subject"]) == WHOLE.subject
    with mail_server() as boxes:
        (results,) = send(channel({"port": boxes.port, "connections": 1}), batch)
    assert [type(each) for each in results] == [Rejected, Sent, Rejected]
    assert isinstance(results[0], Rejected)
    assert not results[0].address_is_dead, "another server may take it"
    assert [taken[1] for taken in boxes.taken] == ["plain@example.com"]
    for wrong in (
        "用 户@example.com",
        "用户\u202e@example.com",
        "\x80@example.com",
        "用" * 22 + "@example.com",
    ):
        assert mail_address(wrong, wide=True) is None, wrong
    assert mail_address("用户@example.com") is None


def test_a_connection_that_the_server_ended_meanwhile_is_made_anew() -> None:
    with mail_server() as boxes:
        out = channel({"port": boxes.port, "connections": 1})

        async def run() -> list[Result]:
            (first,) = await out.send([mail(1)])
            boxes.break_connections()
            await asyncio.sleep(0.05)
            (second,) = await out.send([mail(2)])
            boxes.broken_at_rcpt = 1
            (third,) = await out.send([mail(3)])
            await out.close()
            return [first, second, third]

        assert [type(each) for each in asyncio.run(run())] == [Sent, Sent, Sent]
        assert boxes.connections == 3
        assert [recipient for _, recipient, _ in boxes.taken] == [
            f"p{place}@example.com" for place in (1, 2, 3)
        ]


def test_servers_share_by_weight_and_stand_in_for_each_other() -> None:
    with mail_server() as heavy, mail_server() as light, mail_server() as spare:
        servers = [
            {"port": heavy.port, "weight": 3},
            {"port": light.port, "weight": 1},
            {"port": spare.port, "weight": 0},
        ]
        (results,) = send(channel(*servers), [mail(place) for place in range(40)])
        assert all(isinstance(each, Sent) for each in results)
        assert [len(each.taken) for each in (heavy, light, spare)] == [30, 10, 0]
        heavy.closing = light.closing = 1
        (results,) = send(channel(*servers), [mail(50)])
        assert isinstance(results[0], Sent)
        assert len(spare.taken) == 1
    with mail_server() as up:
        out = channel({"port": heavy.port, "weight": 9}, {"port": up.port})
        (results,) = send(out, [mail(place) for place in range(20)])
        assert all(isinstance(each, Sent) for each in results)
        assert len(up.taken) == 20


def test_when_all_are_down_it_is_tried_later() -> None:
    with mail_server() as gone:
        out = channel({"port": gone.port})
    begun = time.monotonic()
    first, second = send(out, [mail(1)], [mail(place) for place in range(50)])
    assert all(isinstance(each, Retry) and each.after_seconds > 0 for each in first + second)
    assert time.monotonic() - begun < 3


def test_connections_are_counted() -> None:
    with mail_server(user="mailer") as boxes:
        server = {"port": boxes.port, "username": "mailer", "connections": 3}
        out = channel(server, messages_per_connection=10)
        (results,) = send(out, [mail(place) for place in range(60)])
        assert all(isinstance(each, Sent) for each in results)
        assert boxes.most_open <= 3
        assert boxes.logins == boxes.connections
        assert 6 <= boxes.connections <= 9


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_connections_are_encrypted_and_certificates_looked_at(tmp_path: Path, security: str) -> None:
    context: dict[str, Any] = {security: certificate(tmp_path)}
    with mail_server(user="mailer", **context) as boxes:
        server = {"port": boxes.port, "security": security, "username": "mailer"}
        ((refused,),) = send(channel(server), [mail(1)])
        assert isinstance(refused, Retry)
        assert "ertificate" in refused.reason
        assert boxes.taken == []
        ((taken,),) = send(channel({**server, "check_certificate": False}), [mail(2)])
        assert isinstance(taken, Sent)
        assert boxes.logins == 1


def test_a_wrong_password_rejects_no_mail() -> None:
    with mail_server(user="somebody") as boxes:
        ((result,),) = send(channel({"port": boxes.port, "username": "mailer"}), [mail(1)])
        assert isinstance(result, Retry)
        assert result.after_seconds == 300
        assert PASSWORD not in result.reason
    with mail_server() as plain:
        # Whoever asks for encryption does not send without.
        ((result,),) = send(channel({"port": plain.port, "security": "starttls"}), [mail(1)])
        assert isinstance(result, Retry)
        assert plain.taken == []


def test_settings_are_looked_at() -> None:
    several: list[dict[str, Any]] = [{"sender": "nobody"}, {"servers": []}, {"return_path": "x"}]
    for wrong in (*several, {"passwords": {}}, {"more": 1}):
        with pytest.raises(ChannelSettingsInvalid) as raised:
            channel({"port": 1}, **wrong)
        assert raised.value.path in {"sender", "servers", "return_path", "passwords", "more"}
    for address in ("a@b", "a.b+c@d-e.example", "x@例子.cn"):
        assert mail_address(address), address
    for address in ("", "a", "@b.c", "a@", "a..b@c.d", "a b@c.d", "a@-b.c", "你@b.c", "a@b.c\n", "<a@b.c>"):
        assert mail_address(address) is None or address.endswith("\n"), address
    assert Mailboxes().taken == []
