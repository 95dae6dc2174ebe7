"""The plan compiled for collection: dictionary look-ups, and no work at all where nothing is asked."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bihuan.catalog.schemas import PlanDocument, PlanEvent, PlanProperty, PropertyType, plain_choices
from bihuan.collect import Rejected
from bihuan.kernel.errors import Language

# Longer texts are not matched: an expression that backtracks must not hold up collection.
MATCHED_CHARS = 1_024
EXAMPLE_CHARS = 200

SENTENCES: dict[str, dict[Language, str]] = {
    "event_blocked": {"en": "The event '{event}' is blocked.", "zh": "事件“{event}”已被禁止上报。"},
    "event_unknown": {"en": "The event '{event}' is not in the plan.", "zh": "事件“{event}”不在埋点方案中。"},
    "property_blocked": {"en": "'{path}' is blocked.", "zh": "“{path}”已被禁止上报。"},
    "property_unknown": {"en": "'{path}' is not in the plan.", "zh": "“{path}”不在埋点方案中。"},
    "property_missing": {"en": "'{path}' is required.", "zh": "“{path}”为必填。"},
    "property_type": {"en": "'{path}' must be {rule}.", "zh": "“{path}”的类型必须是 {rule}。"},
    "property_choice": {"en": "'{path}' must be one of {rule}.", "zh": "“{path}”必须是 {rule} 之一。"},
    "property_pattern": {"en": "'{path}' does not match {rule}.", "zh": "“{path}”不符合 {rule}。"},
    "property_minimum": {"en": "'{path}' is below {rule}.", "zh": "“{path}”小于 {rule}。"},
    "property_maximum": {"en": "'{path}' is above {rule}.", "zh": "“{path}”大于 {rule}。"},
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which an event breaks the plan; ``rule`` is what it should have been."""

    reason: str
    event: str
    path: str
    rule: str = ""
    example: str = ""

    def sentence(self, language: Language) -> str:
        """What is wrong, in words."""
        return SENTENCES[self.reason][language].format(event=self.event, path=self.path, rule=self.rule)


Check = Callable[[Any], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class _Property:
    path: str
    required: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    properties: Mapping[str, _Property]
    required: tuple[str, ...]
    known: frozenset[str]


class PlanChecker:
    """Checks events against a plan. Immutable; made anew when the plan changes.

    In ``observe`` mode only blocked events are found; ``warn`` finds everything and refuses blocked events
    alone; ``enforce`` refuses whatever breaks the plan.

    Args:
        noted: called with the violations of every event that has some.
    """

    def __init__(self, plan: PlanDocument, *, noted: Callable[[list[Violation]], None] | None = None) -> None:
        self.mode = plan.mode
        self._noted = noted
        self._blocked = frozenset(each.name for each in plan.events if each.status == "blocked")
        checked = plan.events if plan.mode != "observe" else []
        self._events = {
            each.name: _compiled(each) for each in checked if each.status in ("active", "deprecated")
        }
        self._refuse_events = plan.mode != "observe" and plan.unknown_events == "refuse"
        self._refuse_properties = plan.unknown_properties == "refuse"
        self._idle = not (self._blocked or self._events or self._refuse_events)

    def quiet(self) -> PlanChecker:
        """The same, without a word to whoever notes violations."""
        other = copy.copy(self)
        other._noted = None
        return other

    def check(self, event: str, properties: Mapping[str, Any]) -> list[Violation]:
        """Everything in which the event breaks the plan."""
        if self._idle:
            return []
        if event in self._blocked:
            return [Violation("event_blocked", event, "event", example=event)]
        rules = self._events.get(event)
        if rules is None:
            # Standard events are everybody's.
            unknown = self._refuse_events and not event.startswith("$")
            return [Violation("event_unknown", event, "event", example=event)] if unknown else []
        return self._check_properties(event, rules, properties)

    def refuse(self, event: str, properties: dict[str, Any]) -> Rejected | None:
        """The first reason not to let the event in; None when it may enter. Notes all violations."""
        if self._idle:
            return None
        violations = self.check(event, properties)
        if not violations:
            return None
        if self._noted is not None:
            self._noted(violations)
        first = violations[0]
        if self.mode != "enforce" and first.reason != "event_blocked":
            return None
        return Rejected(
            reason=first.reason,
            path=first.path,
            raw=None,
            detail_en=" ".join(each.sentence("en") for each in violations),
            detail_zh="".join(each.sentence("zh") for each in violations),
        )

    def _check_properties(self, event: str, rules: _Event, properties: Mapping[str, Any]) -> list[Violation]:
        found: list[Violation] = []
        flat = properties if not _has_objects(properties) else dict(_flattened(properties))
        for name in rules.required:
            if flat.get(name) is None:
                found.append(Violation("property_missing", event, rules.properties[name].path))
        for name, value in flat.items():
            if value is None:
                continue
            rule = rules.properties.get(name)
            if rule is None:
                if self._refuse_properties and not name.startswith("$") and name not in rules.known:
                    found.append(
                        Violation("property_unknown", event, f"properties.{name}", example=_shown(value))
                    )
                continue
            for check in rule.checks:
                fault = check(value)
                if fault is not None:
                    found.append(Violation(fault[0], event, rule.path, fault[1], _shown(value)))
                    break
        return found


def _compiled(event: PlanEvent) -> _Event:
    checked = [each for each in event.properties if each.status != "draft"]
    return _Event(
        properties={each.name: _compiled_property(each) for each in checked},
        required=tuple(each.name for each in checked if each.required and each.status != "blocked"),
        known=frozenset(each.name for each in event.properties),
    )


def _compiled_property(rule: PlanProperty) -> _Property:
    return _Property(f"properties.{rule.name}", rule.required, tuple(_checks(rule)))


def _checks(rule: PlanProperty) -> Iterable[Check]:
    if rule.status == "blocked":
        yield lambda _value: ("property_blocked", "")
        return
    if rule.type is not None:
        yield _type_check(rule.type)
    choices = plain_choices(rule.choices)
    if choices is not None:
        yield _choice_check(choices)
    if rule.pattern is not None:
        yield _pattern_check(rule.pattern)
    if rule.minimum is not None:
        yield _bound_check("property_minimum", rule.minimum, lambda value, bound: value < bound)
    if rule.maximum is not None:
        yield _bound_check("property_maximum", rule.maximum, lambda value, bound: value > bound)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[PropertyType, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": _is_number,
    "flag": lambda value: isinstance(value, bool),
    "text_list": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    "number_list": lambda value: isinstance(value, list) and all(_is_number(each) for each in value),
}


def _type_check(kind: PropertyType) -> Check:
    fits = _TYPES[kind]
    fault = ("property_type", kind)
    return lambda value: None if fits(value) else fault


def _choice_check(choices: list[Any]) -> Check:
    allowed = {(isinstance(each, bool), each) for each in choices}
    fault = ("property_choice", ", ".join(str(each) for each in choices[:20]))

    def check(value: Any) -> tuple[str, str] | None:
        values = value if isinstance(value, list) else [value]
        fits = all(
            isinstance(each, str | int | float) and (isinstance(each, bool), each) in allowed
            for each in values
        )
        return None if fits else fault

    return check


def _pattern_check(pattern: str) -> Check:
    matches = re.compile(pattern).fullmatch
    fault = ("property_pattern", pattern)

    def check(value: Any) -> tuple[str, str] | None:
        values = value if isinstance(value, list) else [value]
        fits = all(isinstance(each, str) and len(each) <= MATCHED_CHARS and matches(each) for each in values)
        return None if fits else fault

    return check


def _bound_check(reason: str, bound: float, outside: Callable[[float, float], bool]) -> Check:
    fault = (reason, f"{bound:g}")

    def check(value: Any) -> tuple[str, str] | None:
        values = value if isinstance(value, list) else [value]
        return fault if any(_is_number(each) and outside(each, bound) for each in values) else None

    return check


def _has_objects(properties: Mapping[str, Any]) -> bool:
    return any(type(value) is dict for value in properties.values())


def _flattened(properties: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in properties.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
    return text[:EXAMPLE_CHARS]
