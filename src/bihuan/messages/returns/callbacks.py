"""What providers post, each in its own form and signed in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from bihuan.database import Database
from bihuan.delivery import Receipt
from bihuan.delivery.receipts import (
    aliyun_receipts,
    mailgun_receipts,
    postmark_receipts,
    sendgrid_receipts,
    ses_receipts,
    sns_message,
    tencent_receipts,
    twilio_receipts,
)
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.returns.errors import CallbackUnknown, CallbackUnsigned
from bihuan.messages.returns.schemas import Provider

_SENDGRID_SIGNATURE = "x-twilio-email-event-webhook-signature"
_SENDGRID_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_MOST_FETCHED = 64 << 10


@dataclass(frozen=True)
class Callback:
    """A request of a provider. ``url``: as the provider knows it; ``fetch`` gets what Amazon's names."""

    provider: Provider
    body: bytes
    headers: Mapping[str, str]
    url: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    fetch: Callable[[str], bytes]


def receipts_of(database: Database, channel: MessageChannel, given: Callback) -> list[Receipt]:
    """What it says, once its signature is checked.

    Raises:
        ReceiptRefused, CallbackUnsigned.
    """
    if given.provider == "twilio":
        token = str(Seal(database).open(channel.secrets).get("auth_token") or "")
        if not token:
            raise CallbackUnsigned(provider="Twilio")
        form = dict(parse_qsl(given.body.decode("utf-8", "replace"), keep_blank_values=True))
        signature = given.headers.get("x-twilio-signature", "")
        return twilio_receipts(form, signature, auth_token=token, url=given.url)
    return _TAKEN[given.provider](given)


def _mailgun(given: Callback) -> list[Receipt]:
    key = given.secrets.get("mailgun_key")
    if not key:
        raise CallbackUnsigned(provider="Mailgun")
    return mailgun_receipts(given.body, signing_key=key)


def _sendgrid(given: Callback) -> list[Receipt]:
    return sendgrid_receipts(
        given.body,
        signature=given.headers.get(_SENDGRID_SIGNATURE, ""),
        timestamp=given.headers.get(_SENDGRID_TIMESTAMP, ""),
        public_key=given.secrets.get("sendgrid_key", ""),
    )


def _ses(given: Callback) -> list[Receipt]:
    topic = str(given.settings.get("topic_arn") or "")
    told = sns_message(given.body, certificate=given.fetch, topic_arn=topic)
    if told.get("Type") == "SubscriptionConfirmation":
        # Nothing else is opened than what Amazon signed, at Amazon's.
        url = urlsplit(told.get("SubscribeURL", ""))
        if url.scheme != "https" or url.netloc != urlsplit(told["SigningCertURL"]).netloc:
            raise CallbackUnknown
        given.fetch(url.geturl())
        return []
    return ses_receipts(told.get("Message", "")) if told.get("Type") == "Notification" else []


_TAKEN: Mapping[str, Callable[[Callback], list[Receipt]]] = {
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "ses": _ses,
    "postmark": lambda given: postmark_receipts(given.body),
    "aliyun": lambda given: aliyun_receipts(given.body),
    "tencent": lambda given: tencent_receipts(given.body),
}


def fetch(url: str) -> bytes:
    """A small document by GET, without following it elsewhere; certificates are kept. Raises ``OSError``."""
    return _kept(url) if url.endswith(".pem") else _got(url)


@lru_cache(maxsize=50)
def _kept(url: str) -> bytes:
    return _got(url)


def _got(url: str) -> bytes:
    try:
        with httpx.stream("GET", url, timeout=10.0, follow_redirects=False) as answer:
            answer.raise_for_status()
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_FETCHED:
                    raise OSError(f"more than {_MOST_FETCHED} bytes at {url}")
            return body
    except httpx.HTTPError as error:
        raise OSError(str(error)) from error
