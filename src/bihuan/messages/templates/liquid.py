"""Liquid as templates have it: no files, bounded loops and texts, and no value passes unnoticed when missing.

A name without a value is an error where it is written out, unless ``default`` gives one; in a condition it
is false.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from liquid import CachingDictLoader, Environment, RenderContext, Token
from liquid.exceptions import FilterArgumentError, ResourceLimitError, UndefinedError
from liquid.filter import liquid_filter, with_context
from liquid.undefined import UNDEFINED, Undefined

MOST_ITERATIONS = 5_000
MOST_BYTES = 1_000_000
MOST_LETTERS = 500_000
_MOST_BITS = 1_024
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|>~<-])")
_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}
_WITHOUT_CENTS = frozenset(("JPY", "KRW"))


class Missing(Undefined):
    """A name without a value."""

    __slots__ = ()
    force_liquid_default = True

    def __init__(
        self, name: str, *, token: Token | None = None, obj: object = UNDEFINED, hint: str | None = None
    ) -> None:
        super().__init__(name, token=token, obj=obj, hint=hint)

    def _said(self) -> None:
        fault = UndefinedError(self.hint or f"'{self.name}' is undefined", token=self.token)
        notes = noted.get()
        if notes is None:
            raise fault
        notes.append(fault)

    def __str__(self) -> str:
        self._said()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._said()
        return iter(())

    def __int__(self) -> int:
        self._said()
        return 0

    def __len__(self) -> int:
        self._said()
        return 0

    def __bool__(self) -> bool:
        return False

    def __getitem__(self, key: str) -> object:
        return self

    __hash__ = Undefined.__hash__


noted: ContextVar[list[UndefinedError] | None] = ContextVar("noted", default=None)
"""Where a preview collects what is missing; None: the first missing value is an error."""


class _Bounded(Environment):
    block_nesting_limit: ClassVar[int] = 20
    context_depth_limit: ClassVar[int] = 15
    loop_iteration_limit: ClassVar[int | None] = MOST_ITERATIONS
    local_namespace_limit: ClassVar[int | None] = MOST_BYTES
    output_stream_limit: ClassVar[int | None] = MOST_BYTES
    ternary_expressions = True

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Those of Liquid but ``include``, which could change what is around it; and some of ours."""
        super().setup_tags_and_filters(extra=extra)
        del self.tags["include"]
        for name, function in _OURS.items():
            self.add_filter(name, function)
        for name in ("replace", "replace_first", "replace_last"):
            self.filters[name] = _small_replace(self.filters[name])
        for name, function in self.filters.items():
            self.filters[name] = _bounded(function)


def environment(snippets: Mapping[str, str], *, html: bool) -> Environment:
    """Where templates are compiled; ``html``: values are escaped when they are written out."""
    loader = CachingDictLoader(dict(snippets), auto_reload=False)
    return _Bounded(loader=loader, undefined=Missing, autoescape=html)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def within(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, range) and len(value) > MOST_ITERATIONS:
            raise ResourceLimitError(f"more than {MOST_ITERATIONS} items", token=None)
        found = function(value, *args, **kwargs)
        if isinstance(found, str) and len(found) > MOST_LETTERS:
            raise ResourceLimitError(f"more than {MOST_LETTERS} letters", token=None)
        if isinstance(found, int) and found.bit_length() > _MOST_BITS:
            raise ResourceLimitError("a number that is too large", token=None)
        return found

    return within


def _small_replace(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def within(value: Any, seq: Any, sub: Any = "", **kwargs: Any) -> Any:
        text, wanted, new = str(value), str(seq), str(sub)
        if len(text) + (text.count(wanted) if wanted else len(text) + 1) * len(new) > MOST_LETTERS:
            raise ResourceLimitError(f"more than {MOST_LETTERS} letters", token=None)
        return function(value, seq, sub, **kwargs)

    return within


@liquid_filter
def _json(value: Any) -> str:
    """A value as JSON."""
    if isinstance(value, Missing):
        str(value)
        return "null"
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise FilterArgumentError(f"json: {error}", token=None) from error


@liquid_filter
def _escape_markdown(value: Any) -> str:
    """A text in which nothing is markdown, so that a name cannot become a link."""
    return _MARKDOWN.sub(r"\\\1", str(value)).replace("\n", " ")


@liquid_filter
def _money(value: Any, currency: str = "CNY") -> str:
    """An amount with the sign of its currency and two places."""
    try:
        amount = Decimal(str(value))
        places = Decimal(1) if currency in _WITHOUT_CENTS else Decimal("0.01")
        rounded = amount.quantize(places, ROUND_HALF_UP)
    except InvalidOperation as error:
        raise FilterArgumentError(f"money: {value!r} is no number", token=None) from error
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'-' if rounded < 0 else ''}{sign}{abs(rounded):,}"


@with_context
@liquid_filter
def _date(value: Any, form: str = "%Y-%m-%d", *, context: RenderContext) -> str:
    """A moment in the time zone of ``now``, written as strftime has it."""
    now = context.globals.get("now")
    zone = now.tzinfo if isinstance(now, datetime) else None
    moment = _moment(value, now, zone)
    if moment is None:
        raise FilterArgumentError(f"date: {value!r} is no moment", token=None)
    try:
        return moment.strftime(str(form))
    except ValueError as error:
        raise FilterArgumentError(f"date: {error}", token=None) from error


def _moment(value: Any, now: object, zone: tzinfo | None) -> datetime | None:
    if value in ("now", "today") and isinstance(now, datetime):
        return now
    moment: datetime | None = value if isinstance(value, datetime) else None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            # Milliseconds, as events have them, from the year 5000 of seconds on.
            moment = datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, zone)
        elif moment is None:
            moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(zone) if moment.tzinfo is not None and zone is not None else moment


_OURS: dict[str, Callable[..., Any]] = {
    "json": _json,
    "escape_markdown": _escape_markdown,
    "money": _money,
    "date": _date,
}
__all__ = ["MOST_BYTES", "MOST_ITERATIONS", "Missing", "environment", "noted"]
