"""What both control databases can keep, and text of spreadsheets."""

from __future__ import annotations

import pytest

from bihuan.kernel.errors import InputInvalid
from bihuan.kernel.storable import storable_within
from bihuan.kernel.text_files import decoded


def test_what_fits_comes_back() -> None:
    value = {"城市": "北京", "n": [1, 2.5, None]}
    assert storable_within(100)(value) is value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"x": float("nan")}, "cannot keep"),
        ({"x": "\ud800"}, "cannot keep"),
        ({"x": "\x00"}, "U\\+0000"),
        ({"x": "北" * 40}, "bytes, more than 100"),
    ],
)
def test_what_does_not_is_refused(value: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        storable_within(100)(value)


def test_files_are_utf8_with_or_without_a_mark_or_gbk() -> None:
    assert {decoded("北京".encode(each)) for each in ("utf-8", "utf-8-sig", "gbk")} == {"北京"}
    with pytest.raises(InputInvalid):
        decoded(b"\xff\xff\x81")
