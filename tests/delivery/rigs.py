"""Every kind of channel with a server that behaves as its documents say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bihuan.delivery import Call, Channel, Content, Mail, Outgoing, Post, Push, Sms, open_channel
from bihuan.delivery.apart import OtherProcess
from bihuan.delivery.push.apns import Apns, ApnsSettings
from tests.delivery.servers import push, robots, sms
from tests.delivery.servers.listening import Listening, listening
from tests.delivery.servers.provider import Provider
from tests.delivery.servers.smtp import PASSWORD, Mailboxes, mail_server

SECONDS = 0.5


@dataclass
class Rig:
    """A kind, a server for it, and messages that fare differently: by address, or by what they say."""

    kind: str
    make: Callable[[], Any]
    settings: Callable[[Any, str], Mapping[str, Any]]
    secrets: Callable[[Any], Mapping[str, Any]]
    content: Callable[[str], Content]
    good: Callable[[int], str]
    addressed: bool = True
    bad: Mapping[str, str] = field(default_factory=dict)
    uncertain: bool = True
    wait_seconds: float = 0.0
    has_dead: bool = True
    apart: bool = False

    def message(self, place: int, who: str = "good") -> Outgoing:
        """A message that is taken, or fares as ``who`` says."""
        word = self.good(place) if who == "good" else self.bad[who]
        content = self.content(f"text {place}" if self.addressed else word)
        return Outgoing(f"m-{place}", word if self.addressed else "", content)


@dataclass
class Opened:
    """A channel and what is behind it."""

    rig: Rig
    channel: Channel
    provider: Any
    server: Any
    secrets: list[str]

    def taken(self) -> int:
        """How many messages the provider has."""
        return len(self.provider.taken)


@contextmanager
def opened(rig: Rig, **more: Any) -> Iterator[Opened]:
    """A channel to a server that runs. Closing the channel is up to whoever sends with it."""
    provider = rig.make()
    if rig.kind == "smtp":
        with mail_server(user="mailer") as boxes:
            settings = {**rig.settings(boxes, ""), **more}
            secrets = {"passwords": {"127.0.0.1": PASSWORD}}
            channel = open_channel("smtp", settings, secrets)
            if rig.apart:
                channel = OtherProcess("smtp", settings, secrets, channel.limits)
            yield Opened(rig, channel, boxes, boxes, [PASSWORD])
        return
    with listening(provider.answer) as server:
        _aim(provider, rig, server)
        settings = {**rig.settings(provider, server.url), "answer_seconds": SECONDS, **more}
        secrets = rig.secrets(provider)
        yield Opened(rig, _channel(rig, settings, secrets), provider, server, _texts(provider))


def _aim(provider: Provider, rig: Rig, server: Listening) -> None:
    if hasattr(provider, "url"):
        provider.url = server.url
    for who, word in rig.bad.items():
        as_sent = word.removeprefix("+86") if rig.kind == "sms_aliyun" else word
        setattr(provider, who, (as_sent,))


def _channel(rig: Rig, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> Channel:
    if rig.kind == "apns":
        # HTTP/1.1, so that this runs where the package for HTTP/2 is not installed; test_apns.py has HTTP/2.
        return Apns(ApnsSettings.model_validate({**settings, **secrets}), True, http2=False)
    return open_channel(rig.kind, settings, secrets, private=True)


def _texts(provider: Provider) -> list[str]:
    names = ("secret", "token", "signing", "key")
    of_robot = isinstance(provider, robots.Robot)
    known = [name for name in names if name != "key" or of_robot]
    # Of a robot of WeCom there is a key alone.
    known = ["key"] if isinstance(provider, robots.Wecom) else known
    found = [getattr(provider, name, "") for name in known]
    return [each for each in found if each]


def _smtp(boxes: Mailboxes, _: str) -> Mapping[str, Any]:
    server = {"host": "127.0.0.1", "port": boxes.port, "security": "none", "username": "mailer"}
    return {"servers": [server], "sender": "Shop <news@shop.example>", "answer_seconds": SECONDS}


def _phones(dead: str) -> dict[str, str]:
    return {
        "dead": dead,
        "throttled": "+8613900000002",
        "silent": "+8613900000003",
        "dropped": "+8613900000004",
    }


WORDS = {"throttled": "throttledword", "silent": "silentword", "dropped": "droppedword"}
DEVICES = {"dead": "deaddevice", **{name: f"{name}device" for name in WORDS}}


def _sms(text: str) -> Sms:
    return Sms(text=text, parameters={"name": text}, template_id="SMS_1234", signature="闭环商城")


def _push(text: str) -> Push:
    return Push("标题", text, link="https://shop.example/a", data={"campaign": "c1"})


def _phone(place: int) -> str:
    return f"+86138{place:08d}"


def _device(place: int) -> str:
    return f"device{place}"


def _none(_: Any) -> Mapping[str, Any]:
    return {}


_MAILS = Rig(
    "smtp",
    Mailboxes,
    _smtp,
    _none,
    lambda text: Mail(f"主题 {text}", f"<p>{text}</p>", text),
    lambda place: f"p{place}@example.com",
    bad={name: f"{name}@example.com" for name in ("dead", "throttled", "silent", "dropped")},
    wait_seconds=300,
)

RIGS = [
    _MAILS,
    replace(_MAILS, apart=True),
    Rig(
        "sms_aliyun",
        sms.Aliyun,
        lambda of, url: {"access_key_id": of.key_id, "base_url": url},
        lambda of: {"access_key_secret": of.secret},
        _sms,
        _phone,
        bad=_phones("+8613900000001"),
        wait_seconds=3_600,
    ),
    Rig(
        "sms_tencent",
        sms.Tencent,
        lambda of, url: {"secret_id": of.secret_id, "app_id": of.app_id, "base_url": url},
        lambda of: {"secret_key": of.secret},
        _sms,
        _phone,
        bad=_phones("+8613900000001"),
        wait_seconds=30,
    ),
    Rig(
        "sms_twilio",
        sms.Twilio,
        lambda of, url: {"account_sid": of.sid, "sender": "+15005550006", "base_url": url},
        lambda of: {"auth_token": of.token},
        _sms,
        _phone,
        bad=_phones("+8613900000001"),
        wait_seconds=30,
    ),
    Rig(
        "fcm",
        push.Fcm,
        lambda of, url: {"base_url": url},
        lambda of: {"service_account": of.account()},
        _push,
        _device,
        bad=DEVICES,
        wait_seconds=90,
    ),
    Rig(
        "apns",
        push.Apns,
        lambda of, url: {
            "team_id": of.team,
            "key_id": of.key_id,
            "topic": of.topic,
            "base_url": url,
            "connections": 8,
        },
        lambda of: {"private_key": push.pem(push.EC_KEY)},
        _push,
        _device,
        bad=DEVICES,
        wait_seconds=60,
    ),
    Rig(
        "jpush",
        push.JPush,
        lambda of, url: {"app_key": of.key, "base_url": url},
        lambda of: {"master_secret": of.secret},
        _push,
        _device,
        bad=DEVICES,
        wait_seconds=37,
    ),
    Rig(
        "getui",
        push.Getui,
        lambda of, url: {"app_id": of.app, "app_key": of.key, "base_url": f"{url}/v2"},
        lambda of: {"master_secret": of.secret},
        _push,
        _device,
        bad=DEVICES,
        uncertain=False,
        wait_seconds=60,
    ),
    Rig(
        "wecom",
        robots.Wecom,
        lambda of, url: {"base_url": url},
        lambda of: {"key": of.key},
        lambda text: Post("日报", f"**{text}**"),
        lambda place: f"say{place}",
        addressed=False,
        bad=WORDS,
        wait_seconds=60,
        has_dead=False,
    ),
    Rig(
        "dingtalk",
        robots.Dingtalk,
        lambda of, url: {"base_url": url},
        lambda of: {"access_token": of.key, "secret": of.secret},
        lambda text: Post("日报", f"**{text}**"),
        lambda place: f"say{place}",
        addressed=False,
        bad=WORDS,
        wait_seconds=600,
        has_dead=False,
    ),
    Rig(
        "feishu",
        robots.Feishu,
        lambda of, url: {"base_url": url},
        lambda of: {"token": of.key, "secret": of.secret},
        lambda text: Post("日报", f"**{text}**"),
        lambda place: f"say{place}",
        addressed=False,
        bad=WORDS,
        wait_seconds=60,
        has_dead=False,
    ),
    Rig(
        "webhook",
        robots.Hook,
        lambda of, url: {"url": f"{url}/hook"},
        lambda of: {"secret": of.signing},
        lambda text: Call({"who": text}),
        lambda place: f"say{place}",
        addressed=False,
        bad={"dead": "deadword", **WORDS},
        uncertain=False,
        wait_seconds=45,
    ),
]
