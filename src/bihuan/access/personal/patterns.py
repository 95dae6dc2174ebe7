"""What personal data looks like, by its property's name and by itself, and how it looks when hidden."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["phone", "email", "id_number", "name", "address", "other"]

_NUMBER = r"(_?(no|num|number))?"
_NAMES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "phone",
        re.compile(
            rf"(^|_)(phone|telephone|tel|cellphone|msisdn|mobile_?phone){_NUMBER}$"
            r"|(^|_)mobile_?(no|num|number)$|^mobile$|(手机|电话)(号|号码)?$|联系方式$"
        ),
    ),
    ("email", re.compile(r"(^|_)(e_?mail|mail)(_?(address|addr))?$|(邮箱|邮件)(地址)?$")),
    (
        "id_number",
        re.compile(
            rf"(^|_)(id_?card|identity_?card|passport|ssn|sfz){_NUMBER}$|(^|_)(id|identity)_?(no|num|number)$"
            r"|(身份证|证件|护照)(号|号码)?$"
        ),
    ),
    (
        "name",
        re.compile(
            r"^name$|^surname$|^nickname$|(姓名|真名|收货人|联系人|昵称)$"
            r"|^(first|last|full|real|true|given|family|middle|user|nick|contact|receiver|consignee)_?name$"
        ),
    ),
    ("address", re.compile(r"(^|_)(street|address|address_?line_?\d?)$|(地址|住址)$")),
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# A mainland mobile number; not within a longer number, such as a time in milliseconds.
_PHONE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LONG = 200
HIDDEN = "***"


@lru_cache(maxsize=10_000)
def kind_by_name(name: str) -> Kind | None:
    """What a property of this name would hold; None when the name says nothing personal."""
    for part in name.split("."):
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower()
        plain = re.sub(r"[\s-]+", "_", plain).strip("$_")
        for kind, pattern in _NAMES:
            if pattern.search(plain):
                return kind
    return None


def masked(kind: Kind, value: str) -> str:
    """A value of this kind with what tells the person hidden."""
    if kind == "email":
        local, at, host = value.partition("@")
        return f"{local[:1]}{HIDDEN}{at}{host}" if at else HIDDEN
    if kind == "phone":
        return _ends(value, 3, 4)
    if kind == "id_number":
        return _ends(value, 3, 2)
    if kind == "name":
        return f"{value[:1]}**"
    if kind == "address":
        return f"{value[:3]}{HIDDEN}"
    return HIDDEN


def masked_text(text: str) -> str:
    """A text with every mail address, mobile number and identity number in it hidden."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: masked("email", found[0]), text)
    if any(letter.isdigit() for letter in text[:_LONG]) or len(text) > _LONG:
        text = _ID_NUMBER.sub(_hidden_id, text)
        text = _PHONE.sub(lambda found: masked("phone", found[0]), text)
    return text


def _hidden_id(found: re.Match[str]) -> str:
    digits = found[0]
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    right = "10X98765432"[total % 11] == digits[-1].upper()
    return masked("id_number", digits) if right else digits


def _ends(value: str, first: int, last: int) -> str:
    if len(value) <= first + last:
        return HIDDEN
    return f"{value[:first]}{'*' * (len(value) - first - last)}{value[-last:]}"
