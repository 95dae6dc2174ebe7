"""Every error speaks both languages, has a code of its own, and a status that fits."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from collections import Counter

import pytest

import bihuan
from bihuan.kernel.errors import LANGUAGES, BihuanError


def every_error() -> list[type[BihuanError]]:
    for module in pkgutil.walk_packages(bihuan.__path__, "bihuan."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found: list[type[BihuanError]] = []
    pending = [BihuanError]
    while pending:
        error = pending.pop()
        found.append(error)
        pending += error.__subclasses__()
    return sorted(found, key=lambda error: error.__qualname__)


ERRORS = every_error()


def placeholders(text: str) -> set[str]:
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return {re.sub("_(en|zh)$", "", name) for name in names}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_says_the_same_in_both_languages(error: type[BihuanError]) -> None:
    for sentences in (error.messages, error.hints):
        assert set(sentences) in (set(LANGUAGES), set())
        if sentences:
            assert placeholders(sentences["en"]) == placeholders(sentences["zh"])
    assert set(error.messages) == set(LANGUAGES)
    assert (
        any("\u4e00" <= letter <= "\u9fff" for letter in error.messages["zh"]) or "{" in error.messages["zh"]
    )
    assert 400 <= error.status < 600


def test_codes_tell_errors_apart() -> None:
    # Errors that say the same thing at different doors may share a code.
    shared = {"not_found", "write_key_unknown"}
    codes = Counter(error.code for error in ERRORS if "code" in vars(error))
    assert {code for code, count in codes.items() if count > 1} <= shared
