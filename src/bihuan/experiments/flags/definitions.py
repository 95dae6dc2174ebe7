"""What a flag is: variants, and in each environment rules that choose one."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bihuan.analytics.conditions import Condition
from bihuan.analytics.query.base import Value

PRODUCTION = "production"
MOST_VALUE_BYTES = 32_768
VariantName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Kind = Literal["boolean", "string", "number", "object"]
_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "string": (str,),
    "number": (int, float),
    "object": (dict, list),
}


def _storable(value: Any) -> Any:
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise ValueError("it has a value that JSON cannot keep") from error
    if "\\u0000" in text or len(text.encode("utf-8", "replace")) > MOST_VALUE_BYTES:
        raise ValueError(f"it has the character U+0000, or more than {MOST_VALUE_BYTES} bytes")
    return value


FlagValue = Annotated[Any, AfterValidator(_storable)]


class Always(Value):
    """One variant for all of the rule's people."""

    kind: Literal["always"] = "always"
    variant: VariantName


class Share(Value):
    """A variant for some percent of people."""

    variant: VariantName
    percent: float = Field(gt=0, le=100)


class Rollout(Value):
    """Percentages, by a hash of the person; who is beyond them goes on to the next rule.

    More percent of the first variant adds people and moves none of it. ``salt``: another one draws anew;
    flags that are to be shown to the same people share one.
    """

    kind: Literal["rollout"] = "rollout"
    shares: tuple[Share, ...] = Field(min_length=1, max_length=20)
    salt: str = Field(default="", max_length=64)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(each.percent for each in self.shares) > 100.000001:
            raise ValueError("the percentages are more than 100 together")
        return self


class InExperiment(Value):
    """The person's variant of an experiment: its keys are the flag's variants. Others go on to the next rule.

    Once it is decided, the variant that stays, for all of the rule's people.
    """

    kind: Literal["experiment"] = "experiment"
    experiment_id: str = Field(min_length=1, max_length=64)


Serving = Annotated[Always | Rollout | InExperiment, Field(discriminator="kind")]


class Rule(Value):
    """For people of whom ``condition`` holds (everybody if null) it serves a variant.

    Properties of people in the condition are taken from the context that the software sends, else from the
    profile.
    """

    name: str = Field(default="", max_length=200)
    condition: Condition | None = None
    serve: Serving


class Environment(Value):
    """How a flag behaves in an environment: the first rule that applies, else ``default``."""

    enabled: bool = True
    default: VariantName
    rules: tuple[Rule, ...] = Field(default=(), max_length=50)


class Definition(Value):
    """A flag. ``off``: the variant while it is not enabled, or in an environment it does not have."""

    kind: Kind
    variants: dict[VariantName, FlagValue] = Field(min_length=1, max_length=50)
    off: VariantName
    environments: dict[EnvironmentName, Environment] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, value in self.variants.items():
            is_flag = isinstance(value, bool)
            if not isinstance(value, _TYPES[self.kind]) or (is_flag and self.kind != "boolean"):
                raise ValueError(f"the value of '{name}' is no {self.kind}")
        for name in self.named():
            if name not in self.variants:
                raise ValueError(f"there is no variant '{name}'")
        return self

    def named(self) -> set[str]:
        """The variants that are referred to."""
        found = {self.off}
        for environment in self.environments.values():
            found.add(environment.default)
            for rule in environment.rules:
                if isinstance(rule.serve, Always):
                    found.add(rule.serve.variant)
                elif isinstance(rule.serve, Rollout):
                    found.update(share.variant for share in rule.serve.shares)
        return found

    @property
    def experiments(self) -> list[str]:
        """The experiments that rules serve."""
        serving = (rule.serve for each in self.environments.values() for rule in each.rules)
        return [each.experiment_id for each in serving if isinstance(each, InExperiment)]
