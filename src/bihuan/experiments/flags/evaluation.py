"""Which variant somebody is shown: the rules in order, with nothing of storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bihuan.analytics.conditions import AnyCondition
from bihuan.experiments.assignment import Split, salt_of
from bihuan.experiments.errors import TargetingKeyMissing
from bihuan.experiments.flags.definitions import Always, Definition, InExperiment, Rollout

Reason = Literal["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED"]


class Somebody(Protocol):
    """Who asks."""

    @property
    def person(self) -> int | None:
        """The person; None where the software did not say."""

    def holds(self, condition: AnyCondition) -> bool:
        """Whether a condition holds. Raises ``NobodyNamed`` where that depends on an unknown person."""

    def variant_of(self, experiment_id: str) -> str | None:
        """The variant of a running or decided experiment; None for who is not in it."""


class NobodyNamed(Exception):
    """A rule depends on the person, whom the software did not name."""


@dataclass(frozen=True)
class Shown:
    """What is shown, and why; ``experiment_id`` if an experiment decided."""

    variant: str
    reason: Reason
    rule: str | None = None
    experiment_id: str | None = None


def evaluate(
    key: str, project_id: str, definition: Definition, environment: str, somebody: Somebody
) -> Shown:
    """The variant for somebody in an environment.

    Raises:
        TargetingKeyMissing: a rule depends on the person, and nobody is named.
    """
    found = definition.environments.get(environment)
    if found is None or not found.enabled:
        return Shown(definition.off, "DISABLED")
    try:
        for index, rule in enumerate(found.rules):
            if rule.condition is not None and not somebody.holds(rule.condition):
                continue
            name = rule.name or str(index + 1)
            match rule.serve:
                case Always():
                    return Shown(rule.serve.variant, "TARGETING_MATCH", name)
                case Rollout():
                    variant = _rolled_out(key, project_id, rule.serve, somebody)
                    if variant is not None:
                        return Shown(variant, "SPLIT", name)
                case InExperiment():
                    variant = somebody.variant_of(rule.serve.experiment_id)
                    if variant in definition.variants:
                        return Shown(variant, "SPLIT", name, rule.serve.experiment_id)
    except NobodyNamed as error:
        raise TargetingKeyMissing(key=key) from error
    return Shown(found.default, "DEFAULT" if found.rules else "STATIC")


def _rolled_out(key: str, project_id: str, rollout: Rollout, somebody: Somebody) -> str | None:
    if somebody.person is None:
        raise NobodyNamed
    shares = tuple((each.variant, each.percent / 100) for each in rollout.shares)
    # Against the last digit of percentages such as 33.3 + 33.3 + 33.4.
    total = sum(share for _, share in shares)
    if total > 1:
        shares = tuple((variant, share / total) for variant, share in shares)
    return Split(salt_of(project_id, f"flag/{rollout.salt or key}"), shares).group(somebody.person)
