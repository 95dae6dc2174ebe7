"""Which language the command line speaks, decided before anything is printed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path

from bihuan.cli.chinese import HELP, WORDS
from bihuan.kernel.errors import LANGUAGES, Language

OPTION = "--lang"
EXPLANATION = "Language: en or zh; otherwise BIHUAN_LANGUAGE, bihuan.toml, then the terminal's."
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


def decide(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """``--lang``, else ``BIHUAN_LANGUAGE``, else ``bihuan.toml``, else Chinese in a Chinese locale.

    English when none of them says otherwise.
    """
    for wished in (_option(arguments), environment.get("BIHUAN_LANGUAGE"), _of_file()):
        for language in LANGUAGES:
            if wished == language:
                return language
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def without_option(arguments: Sequence[str]) -> list[str]:
    """The command line without ``--lang``; one with another value stays, to be refused."""
    value = _option(arguments)
    if value not in LANGUAGES:
        return list(arguments)
    kept = list(arguments)
    if f"{OPTION}={value}" in kept:
        kept.remove(f"{OPTION}={value}")
    else:
        place = kept.index(OPTION)
        del kept[place : place + 2]
    return kept


def speak(language: Language) -> None:
    """Have everything said from here on in ``language``."""
    _spoken.set(language)


def spoken() -> Language:
    """The language that was decided."""
    return _spoken.get()


def say(en: str, zh: str) -> str:
    """The sentence in the language spoken."""
    return zh if spoken() == "zh" else en


def help_text(text: str | None) -> str:
    """A text of the help in the language spoken, paragraph by paragraph."""
    paragraphs = (" ".join(each.split()) for each in (text or "").split("\n\n"))
    return "\n\n".join(HELP.get(each, each) if spoken() == "zh" else each for each in paragraphs)


def word(name: str) -> str:
    """A heading or the name of a field, in the language spoken; one that is not ours stays as it is."""
    return WORDS.get(name, name) if spoken() == "zh" else name.replace("_", " ")


def _option(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument == "--":
            break
        if name == OPTION:
            return value if equals else next(iter(arguments[place + 1 :]), None)
    return None


def _of_file() -> str | None:
    try:
        value = tomllib.loads(Path("bihuan.toml").read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return value if isinstance(value, str) else None
