"""Hiding personal data from a caller who may not see it, wherever it stands in an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bihuan.access.personal.patterns import HIDDEN, Kind, kind_by_name, masked, masked_text

Decisions = Mapping[str, Kind | None]
"""What members decided: the kind of a personal property, None for one that is not personal."""
# What every result says of itself; the SQL holds what the caller asked for.
_ABOUT = frozenset(("kind", "sql", "time_zone", "first_day", "last_day", "interval", "buckets"))
_LABEL = frozenset(("value", "other"))


class Mask:
    """What one caller sees of one project. With ``hides`` False everything is shown as it is."""

    def __init__(self, decisions: Decisions, *, hides: bool) -> None:
        self.hides = hides
        self._decisions = decisions

    def hiding(self) -> Mask:
        """What somebody sees who may not see personal data."""
        return self if self.hides else Mask(self._decisions, hides=True)

    def kind(self, name: str) -> Kind | None:
        """What kind of personal data a property holds, by decision or by its name; None: none."""
        if name in self._decisions:
            return self._decisions[name]
        return kind_by_name(name)

    def properties(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Properties of an event or person."""
        if not self.hides:
            return dict(properties)
        return {name: self.value(name, value) for name, value in properties.items()}

    def value(self, name: str, value: Any) -> Any:
        """The value of one property."""
        if not self.hides or value is None or isinstance(value, bool):
            return value
        kind = self.kind(name)
        if kind is not None:
            return _hidden(kind, value)
        if name in self._decisions:
            return value
        if isinstance(value, dict):
            return {inner: self.value(f"{name}.{inner}", each) for inner, each in value.items()}
        if isinstance(value, list):
            return [self.value(name, each) for each in value]
        return masked_text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text that may hold anything: an id, a payload."""
        return masked_text(text) if self.hides else text

    def texts(self, texts: Iterable[str]) -> list[str]:
        """Several, such as the ids of a person."""
        return [self.text(text) for text in texts]

    def payload(self, text: str) -> str:
        """What somebody sent, JSON or not."""
        if not self.hides:
            return text
        try:
            tree = msgspec.json.decode(text)
        except msgspec.DecodeError:
            return masked_text(text)
        return msgspec.json.encode(self._payload(tree)).decode()

    def answer(self, query: Any, body: bytes) -> bytes:
        """The result of an analysis, in JSON: the values of breakdowns, nodes and pages."""
        if not self.hides:
            return body
        asked = query.model_dump(mode="json")
        names = [_property_name(each) for each in _breakdowns(asked)]
        others = self._first_kind(_property_names(asked))
        return msgspec.json.encode(self._result(msgspec.json.decode(body), names, others))

    def asks_personal(self, query: Any) -> bool:
        """Whether the answer shows values of a personal property."""
        return self._first_kind(_property_names(query.model_dump(mode="json"))) is not None

    def _first_kind(self, names: Iterable[str]) -> Kind | None:
        return next((kind for name in names if (kind := self.kind(name)) is not None), None)

    def _payload(self, tree: Any) -> Any:
        if isinstance(tree, dict):
            # A name inside a message, and of what it is about: any level may be the property's.
            return {
                name: self._payload(each) if isinstance(each, dict | list) else self.value(name, each)
                for name, each in tree.items()
            }
        if isinstance(tree, list):
            return [self._payload(each) for each in tree]
        return masked_text(tree) if isinstance(tree, str) else tree

    def _result(self, tree: Any, names: Sequence[str], others: Kind | None) -> Any:
        if isinstance(tree, list):
            return [self._result(each, names, others) for each in tree]
        if not isinstance(tree, dict):
            return masked_text(tree) if isinstance(tree, str) else tree
        if tree.keys() == _LABEL:
            return {**tree, "value": _label(others, tree["value"])}
        if isinstance(tree.get("property"), str) and isinstance(tree.get("value"), str):
            return {**tree, "value": self.value(tree["property"], tree["value"])}
        return {name: self._field(name, each, names, others) for name, each in tree.items()}

    def _field(self, name: str, value: Any, names: Sequence[str], others: Kind | None) -> Any:
        if name in _ABOUT:
            return value
        if name == "breakdown" and names:
            if isinstance(value, list):
                kinds = [self.kind(each) for each in names]
                pairs = zip(value, kinds, strict=False)
                return [{**each, "value": _label(kind, each["value"])} for each, kind in pairs]
            if isinstance(value, dict):
                return {**value, "value": _label(self.kind(names[0]), value.get("value"))}
        return self._result(value, names, others)


def _hidden(kind: Kind, value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(kind, each) for each in value]
    if isinstance(value, dict):
        return {name: _hidden("other", each) for name, each in value.items()}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return masked(kind, str(value)) if value != "" else value


def _label(kind: Kind | None, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return masked(kind, value) if kind is not None else masked_text(value)


def _breakdowns(asked: Mapping[str, Any]) -> list[Any]:
    several = asked.get("breakdowns")
    one = asked.get("breakdown")
    return list(several) if several else [one] if one else []


def _property_name(breakdown: Any) -> str:
    return str((breakdown or {}).get("property", {}).get("name", ""))


def _property_names(tree: Any) -> Iterable[str]:
    """Names of the properties whose values may show; what only filters does not."""
    if isinstance(tree, dict):
        if set(tree) == {"scope", "name"}:
            yield str(tree["name"])
            return
        for name, each in tree.items():
            if name not in ("filter", "filters"):
                yield from _property_names(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _property_names(each)


__all__ = ["HIDDEN", "Decisions", "Mask"]
