"""Phone numbers as providers want them."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_MARKS = str.maketrans("", "", " -().\t")


def e164(number: str) -> str | None:
    """``+8613800138000``; None for what is no number. Without a country it is one of mainland China."""
    plain = number.translate(_MARKS)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    mainland = _MAINLAND.fullmatch(plain)
    if mainland is not None:
        return f"+86{mainland.group(1)}"
    return plain if _E164.fullmatch(plain) else None


def aliyun_number(number: str) -> str:
    """Aliyun takes numbers of the mainland without, others with their country, never with a plus."""
    return number.removeprefix("+86") if number.startswith("+86") else number.removeprefix("+")
