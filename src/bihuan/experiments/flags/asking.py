"""Who asks for a flag: what the software says of them, and what the log knows where a rule needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Has, Known, Listed, Share, holds, leaves, properties_of
from bihuan.analytics.reference import Properties
from bihuan.audiences.live.knowing import known_people
from bihuan.experiments.flags.evaluation import NobodyNamed
from bihuan.kernel.hashing import key64
from bihuan.people import People

TARGETING_KEY = "targetingKey"
_DEEPEST = 5


class Asking:
    """Somebody with a context: ``targetingKey`` is an id of the person, the rest are attributes.

    Attributes take the place of the profile's properties of the same name. The log is asked only where a
    condition needs more than attributes.
    """

    def __init__(
        self,
        context: Mapping[str, Any],
        people: People,
        project: Callable[[], ProjectContext],
        variant_of: Callable[[str, Asking], str | None],
    ) -> None:
        key = context.get(TARGETING_KEY)
        self.distinct_id = str(key) if isinstance(key, str | int) and not isinstance(key, bool) else ""
        self._attributes = flattened({name: each for name, each in context.items() if name != TARGETING_KEY})
        self._people = people
        self._project = project
        self._variant_of = variant_of

    @cached_property
    def person(self) -> int | None:
        """The person, all merges considered."""
        if not self.distinct_id:
            return None
        return self._people.identities.person_of(key64(self.distinct_id))

    @cached_property
    def ctx(self) -> ProjectContext:
        """The project at the moment of asking."""
        return self._project()

    def holds(self, condition: AnyCondition) -> bool:
        """Whether a condition holds of them."""
        if self._from_attributes(condition):
            return holds(self.ctx, condition, Known(self.person or 0, profile=self._attributes))
        if self.person is None:
            raise NobodyNamed
        found = known_people(self.ctx, self._people, [self.person], [condition])
        known = found[0] if found else Known(self.person, keys=self._keys(condition))
        profile = {**known.profile, **self._attributes}
        mine = Known(self.person, known.events, profile, known.keys, known.tags, known.audiences)
        return holds(self.ctx, condition, mine)

    def variant_of(self, experiment_id: str) -> str | None:
        """The variant of an experiment."""
        if self.person is None:
            raise NobodyNamed
        return self._variant_of(experiment_id, self)

    def _from_attributes(self, condition: AnyCondition) -> bool:
        """Whether the attributes decide; without a person, what is not among them is absent."""
        parts = leaves(condition)
        if self.person is None:
            only_people = all(each.scope == "person" for each in properties_of(condition))
            return only_people and all(isinstance(each, Has) for each in parts)
        if not all(isinstance(each, Has | Share) for each in parts):
            return False
        return all(ref.scope == "person" and ref.name in self._attributes for ref in properties_of(condition))

    def _keys(self, condition: AnyCondition) -> frozenset[int]:
        """The listed ids of somebody of whom nothing else is known: their own."""
        listed = {
            key64(each)
            for leaf in leaves(condition)
            if isinstance(leaf, Listed)
            for each in leaf.distinct_ids
        }
        return frozenset(listed & {key64(self.distinct_id)})


def flattened(given: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Properties:
    """Nested attributes as properties with dots in their names; numbers as floats, other values left out."""
    found: Properties = {}
    for name, value in given.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            if depth < _DEEPEST:
                found.update(flattened(value, f"{path}.", depth + 1))
        elif isinstance(value, bool | str):
            found[path] = value
        elif isinstance(value, int | float):
            found[path] = float(value)
        elif isinstance(value, list):
            found[path] = [str(each) for each in value]
    return found
