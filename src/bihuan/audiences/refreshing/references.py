"""Which audiences and tags a definition refers to, and in which order they are to be refreshed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from bihuan.audiences.refreshing.errors import DefinitionCircular

SCOPES = ("tag", "audience")


def references(definition: Any) -> set[str]:
    """The ids of tags and audiences that a stored definition names, wherever in it."""
    if isinstance(definition, Mapping):
        if definition.get("scope") in SCOPES and isinstance(definition.get("name"), str):
            return {definition["name"]}
        return {each for value in definition.values() for each in references(value)}
    if isinstance(definition, list | tuple):
        return {each for value in definition for each in references(value)}
    return set()


def in_order(definitions: Mapping[str, Any]) -> list[str]:
    """The subjects, each after those it refers to. Raises ``DefinitionCircular``."""
    graph = {
        subject: references(definition) & set(definitions) for subject, definition in definitions.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise DefinitionCircular(chain=" → ".join(error.args[1]), path="definition") from error


def check_order(
    subject_id: str, definition: Any, others: Mapping[str, Any], names: Mapping[str, str]
) -> None:
    """Raise ``DefinitionCircular``, in names, if a new definition of a subject would lead back to it."""
    try:
        in_order({**others, subject_id: definition})
    except DefinitionCircular as error:
        chain = " → ".join(names.get(each, each) for each in str(error.params["chain"]).split(" → "))
        raise DefinitionCircular(chain=chain, path="definition") from error


def users_of(subject_id: str, definitions: Mapping[str, Any]) -> list[str]:
    """The subjects that refer directly to one."""
    return [each for each, definition in definitions.items() if subject_id in references(definition)]


def behind(subject_ids: Iterable[str], definitions: Mapping[str, Any]) -> set[str]:
    """The subjects themselves and all that they refer to, directly or not."""
    found: set[str] = set()
    waiting = list(subject_ids)
    while waiting:
        subject = waiting.pop()
        if subject not in found and subject in definitions:
            found.add(subject)
            waiting += references(definitions[subject])
    return found
