"""Double opt-in by the link of a text message, at a provider as its document has it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.messages.consent.asking import ask
from bihuan.warehouse import Engine
from tests.delivery.servers.listening import listening
from tests.delivery.servers.sms import Twilio
from tests.insights.shop import send
from tests.messages.test_consent_mails import give
from tests.server.running import Running, running_server


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("data"), private_webhooks=True) as running:
        traits = {"name": "Fay", "phone": "+8613800138005"}
        send(running, [{"type": "identify", "userId": "fay", "traits": traits}])
        running.installation.messaging.start()
        yield running


def _made(server: Running, kind: str, settings: dict[str, Any], secrets: dict[str, Any]) -> str:
    body = {"name": kind, "kind": kind, "settings": settings, "secrets": secrets}
    answer = server.api.post(server.path("/message-channels"), json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_who_agreed_to_texts_confirms_by_the_link_of_a_text(server: Running) -> None:
    rules = {"sms": "with_confirmed_consent"}
    body = {"name_en": "Digest", "name_zh": "周报", "rules": rules}
    assert server.api.put(server.path("/consent/purposes/digest"), json=body).status_code == 200
    policy = {"public_url": server.url, "company": "Shop"}
    assert server.api.patch(server.path("/consent/policy"), json=policy).status_code == 200
    aliyun = {"access_key_id": "LTAI-test", "signature": "Shop"}
    _made(server, "sms_aliyun", aliyun, {"access_key_secret": "s"})
    given = give(server, "fay", purpose="digest", medium="sms", language="en")
    assert given == {"recorded": 1, "pending": 1}
    # A provider that sends approved templates only takes no words of ours.
    assert ask(server.installation.database, server.project_id, now_ms=time.time_ns() // 1_000_000) == 0
    provider = Twilio()
    with listening(provider.answer) as twilio:
        settings = {"account_sid": provider.sid, "sender": "+15005550006", "base_url": twilio.url}
        _made(server, "sms_twilio", settings, {"auth_token": provider.token})
        assert give(server, "fay", purpose="digest", medium="sms", language="en")["pending"] == 1
        until = time.monotonic() + 20
        while not provider.taken:
            assert time.monotonic() < until
            time.sleep(0.05)
    ((number, form),) = provider.taken
    assert number == "+8613800138005"
    assert form["Body"].startswith("Shop: Please confirm “Digest” by text message: ")
    (url,) = re.findall(rf"{server.url}/m/confirm/\S+", form["Body"])
    question = {"people": ["fay"], "purpose": "digest", "medium": "sms"}
    before = server.api.post(server.path("/consent/allowed"), json=question).json()
    assert before == {"allowed": 0, "refused": {"consent_unconfirmed": 1}}
    assert httpx.get(url).status_code == 200
    assert httpx.post(url).status_code == 200
    after = server.api.post(server.path("/consent/allowed"), json=question).json()
    assert after == {"allowed": 1, "refused": {}}
