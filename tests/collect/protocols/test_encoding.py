"""Wrappings: JSON that is nearly valid, base64 in all alphabets, gzip with a limit, forms, Basic."""

from __future__ import annotations

import base64
import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.errors import BodyTooLarge, PayloadInvalid
from bihuan.collect.protocols.encoding import (
    basic_user,
    decode_base64,
    decode_json,
    form_fields,
    gunzip,
    unwrap_json,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":NaN,"b":-Infinity,"c":1e999}', {"a": None, "b": None, "c": None}),
        (b'"\\ud83d"', "?"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\xff"', "\ufffd"),
        ('{"字":"值"}', {"字": "值"}),
    ],
)
def test_json(raw: bytes | str, value: Any) -> None:
    assert decode_json(raw) == value


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b"{'a':1}", b"1" * 5000 + b"x"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(PayloadInvalid):
        decode_json(raw)


@given(st.binary())
def test_base64_in_every_spelling(data: bytes) -> None:
    standard = base64.b64encode(data).decode()
    for text in (standard, standard.rstrip("="), standard.replace("+", " "), f"{standard}\n"):
        assert decode_base64(text) == data
    assert decode_base64(base64.urlsafe_b64encode(data).rstrip(b"=")) == data


def test_gzip_is_bounded_and_complete() -> None:
    packed = gzip.compress(b"x" * 1000)
    assert gunzip(packed) == b"x" * 1000
    assert gunzip(zlib.compress(b"tea")) == b"tea"
    assert gunzip(packed, limit_bytes=1000) == b"x" * 1000
    with pytest.raises(BodyTooLarge):
        gunzip(packed, limit_bytes=999)
    for broken in (packed[:-4], b"\x1f\x8b", b"tea"):
        with pytest.raises(PayloadInvalid):
            gunzip(broken)


@pytest.mark.parametrize("packed", [False, True])
def test_unwrapping_by_what_it_starts_with(packed: bool) -> None:
    data = b' {"a":[1]}'
    inner = gzip.compress(data) if packed else data
    assert unwrap_json(base64.b64encode(inner).decode()) == {"a": [1]}
    assert unwrap_json(inner) == {"a": [1]}


def test_forms_and_basic() -> None:
    assert form_fields("a=1&a=2&b=&值=%E8%8C%B6".encode()) == {"a": ["1", "2"], "b": [""], "值": ["茶"]}
    with pytest.raises(PayloadInvalid):
        form_fields(b"a=1&" * 10_001)
    key = base64.b64encode(b"key:secret").decode()
    assert basic_user({"authorization": f"basic {key}"}) == "key"
    for header in ("Bearer key", "Basic %%", "Basic Og==", ""):
        assert basic_user({"authorization": header}) is None
