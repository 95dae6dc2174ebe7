"""Receipts of text messages, and what people answer: Aliyun (SmsReport, SmsUp), Tencent Cloud, Twilio."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bihuan.delivery.receipts.events import Receipt, time_ms_of, unreadable, unsigned

_CHINA = timezone(timedelta(hours=8))
# Empty or unknown number, in the words of the operators that Aliyun and Tencent hand on.
_NO_NUMBER = {"MK:0001", "MK:0012", "CB:0001", "UNDELIV:NO_NUMBER", "MOBILE_NOT_EXIST", "INVALID_NUMBER"}
_TWILIO_DEAD = {"30003", "30005", "30006", "21610", "21211"}
# What people answer who want no more, as advertising by text message tells them to.
_STOP = {"t", "td", "n", "r", "退订", "拒收", "stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
_TWILIO = {"delivered": "delivered", "undelivered": "failed", "failed": "failed"}


def aliyun_receipts(body: bytes) -> list[Receipt]:
    """Aliyun's SmsReport and SmsUp, not signed: the URL has to be a secret. Raises ``ReceiptRefused``."""
    return [
        _answer(each.get("content"), str(each.get("phone_number", "")), _china_ms(str(each["send_time"])))
        if "content" in each and "send_time" in each
        else Receipt(
            what="delivered" if each.get("success") in {True, "true"} else "failed",
            provider_id=str(each.get("biz_id", "")),
            message_id=str(each.get("out_id") or ""),
            address=str(each.get("phone_number", "")),
            is_permanent=str(each.get("err_code", "")).upper() in _NO_NUMBER,
            reason=_failure(each, "success", "err_code", "err_msg"),
            time_ms=_china_ms(str(each.get("report_time", ""))),
        )
        for each in _objects(body)
    ]


def tencent_receipts(body: bytes) -> list[Receipt]:
    """Tencent's reports and answers, not signed: the URL has to be a secret. Raises ``ReceiptRefused``."""
    return [
        _answer(each.get("text"), _tencent_number(each), time_ms_of(each.get("time", 0)))
        if "text" in each and "report_status" not in each
        else Receipt(
            what="delivered" if each.get("report_status") == "SUCCESS" else "failed",
            provider_id=str(each.get("sid", "")),
            message_id=str(each.get("ext") or ""),
            address=_tencent_number(each),
            is_permanent=str(each.get("errmsg", "")).upper() in _NO_NUMBER,
            reason=_failure(each, "report_status", "errmsg", "description"),
            time_ms=_china_ms(str(each.get("user_receive_time", ""))),
        )
        for each in _objects(body)
    ]


def twilio_signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature of a form posted to a URL."""
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), said.encode(), hashlib.sha1).digest()).decode()


def twilio_receipts(form: Mapping[str, str], signature: str, *, auth_token: str, url: str) -> list[Receipt]:
    """Twilio's status callback, of which only final states count, and messages that come in.

    Raises:
        ReceiptRefused.
    """
    if not hmac.compare_digest(twilio_signature(auth_token, url, form).encode(), signature.encode()):
        raise unsigned()
    if "Body" in form and "From" in form and "MessageStatus" not in form:
        return [_answer(form["Body"], form["From"], 0)]
    what = _TWILIO.get(form.get("MessageStatus", ""))
    if what is None:
        return []
    code = form.get("ErrorCode", "")
    return [
        Receipt(
            what="delivered" if what == "delivered" else "failed",
            provider_id=form.get("MessageSid", ""),
            address=form.get("To", ""),
            is_permanent=code in _TWILIO_DEAD,
            reason=code,
        )
    ]


def _answer(text: Any, address: str, time_ms: int) -> Receipt:
    stops = str(text or "").strip(" .!。！【】[]").casefold() in _STOP
    return Receipt("unsubscribed" if stops else "replied", address=address, time_ms=time_ms)


def _tencent_number(each: dict[str, Any]) -> str:
    return f"+{each.get('nationcode', '86')}{each.get('mobile', '')}"


def _objects(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)
    except ValueError:
        raise unreadable() from None
    # Reports come several at a time, an answer by itself.
    found = [found] if isinstance(found, dict) and "text" in found else found
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise unreadable()
    return found


def _failure(each: dict[str, Any], state: str, *names: str) -> str:
    if each.get(state) in {True, "true", "SUCCESS"}:
        return ""
    return " ".join(str(each[name]) for name in names if each.get(name))[:300]


def _china_ms(text: str) -> int:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    except ValueError:
        return 0
    return int(moment.astimezone(UTC).timestamp() * 1_000)
