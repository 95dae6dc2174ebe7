"""Arms against the holdout: effects, checks, and the figures of each arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bihuan.campaigns.judging.measuring import STEPS, ArmSums
from bihuan.campaigns.judging.schemas import ArmFigures, CheckFigures, EffectFigures, Interval
from bihuan.campaigns.judging.words import ALL, of_check
from bihuan.campaigns.plan.schemas import HOLDOUT, Plan
from bihuan.campaigns.running.arms import shares_of
from bihuan.stats.experiments import (
    Effect,
    Inference,
    Moments,
    adjusted_arms,
    compare,
    estimate,
    mean_arm,
    multiple_exposure,
    pre_period_bias,
    proportion_arm,
    sample_ratio,
)


def treated_of(sums: Mapping[str, ArmSums], plan: Plan) -> ArmSums | None:
    """All variants together; None where nobody is in any."""
    found = [sums[each.name] for each in plan.variants if each.name in sums]
    if not found:
        return None
    together = found[0]
    for each in found[1:]:
        together += each
    return together


def arms_of(
    sums: Mapping[str, ArmSums], steps: Mapping[str, Mapping[str, int]], plan: Plan
) -> list[ArmFigures]:
    """What each arm's people did: the holdout first, then the variants."""
    labels = {each.name: each.label for each in plan.variants}
    names = [name for name in (HOLDOUT, *labels) if name in sums]
    return [_arm(name, labels.get(name, ""), sums[name], steps.get(name, {})) for name in names]


def effects_of(
    sums: Mapping[str, ArmSums], plan: Plan, *, final: bool, has_value: bool
) -> list[EffectFigures]:
    """All variants together against the holdout, and each of them where there are several.

    The intervals of several variants hold all together (Bonferroni). While windows are open they hold however
    often one looks.
    """
    holdout, treated = sums.get(HOLDOUT), treated_of(sums, plan)
    if holdout is None or treated is None:
        return []
    people = holdout.people + treated.people
    how = Inference(looks="once" if final else "any_time", expected_people=max(people, 1))
    arms = {ALL: (treated, how)}
    if len(plan.variants) > 1:
        each_how = how.shared(len(plan.variants))
        arms |= {each.name: (sums[each.name], each_how) for each in plan.variants if each.name in sums}
    found = []
    for name, (arm, confident) in arms.items():
        found.append(_conversion(name, holdout, arm, confident))
        if has_value:
            found.append(_value(name, holdout, arm, confident))
    return found


def checks_of(sums: Mapping[str, ArmSums], plan: Plan) -> list[CheckFigures]:
    """Whether the arms may be compared at all."""
    shares = shares_of(plan)
    names = [name for name, share in shares.items() if share > 0]
    counts = [sums[name].people if name in sums else 0 for name in names]
    ratio = sample_ratio(counts, [shares[name] for name in names])
    found = [("sample_ratio", ratio.failed, ratio.p_value)]
    holdout, treated = sums.get(HOLDOUT), treated_of(sums, plan)
    if holdout is not None and treated is not None:
        before, _ = pre_period_bias(_before(holdout), _before(treated))
        found.append(("before", before.failed, before.p_value))
    several = sum(round(each.total("several")) for each in sums.values())
    mixed = multiple_exposure(several, sum(counts))
    found.append(("several_arms", mixed.failed, mixed.p_value))
    return [
        CheckFigures.model_validate(
            {"code": code, "failed": failed, "p_value": p_value, "message": of_check(code, failed)}
        )
        for code, failed, p_value in found
    ]


def _before(arm: ArmSums) -> Moments:
    """Who converted in the time before, as a covariate."""
    converted = arm.total("before")
    return Moments(arm.people, x=converted, xx=converted)


def _conversion(name: str, holdout: ArmSums, arm: ArmSums, how: Inference) -> EffectFigures:
    below = proportion_arm(holdout.converted, holdout.people)
    above = proportion_arm(arm.converted, arm.people)
    return _figures(name, "conversion", compare(below, above, how), adjusted=False)


def _value(name: str, holdout: ArmSums, arm: ArmSums, how: Inference) -> EffectFigures:
    below, above = adjusted_arms([holdout.value, arm.value])
    effect = compare(below, above, how)
    return _figures(name, "value", effect, adjusted=effect.kept is not None)


def _figures(name: str, measure: str, effect: Effect, *, adjusted: bool) -> EffectFigures:
    verdict = "none"
    if effect.difference is not None:
        verdict = {1: "better", -1: "worse", 0: "unclear"}[effect.direction]
    return EffectFigures.model_validate(
        {
            "arm": name,
            "measure": measure,
            "difference": Interval.of_stats(effect.difference),
            "relative": Interval.of_stats(effect.relative),
            "p_value": effect.p_value,
            "looks": effect.looks,
            "adjusted": adjusted,
            "verdict": verdict,
            "reason": effect.reason,
        }
    )


def _arm(name: str, label: str, sums: ArmSums, steps: Mapping[str, int]) -> ArmFigures:
    return ArmFigures(
        name=name,
        label=label,
        people=sums.people,
        reached=round(sums.total("reached")),
        converted=sums.converted,
        rate=Interval.of_stats(estimate(proportion_arm(sums.converted, sums.people))),
        value=sums.total("y"),
        value_per_person=Interval.of_stats(estimate(mean_arm(sums.value))),
        steps={each: steps.get(each, 0) for each in STEPS},
    )


def names_of(plan: Plan, arm: str) -> Sequence[str]:
    """The arms that a name stands for: one, or all variants."""
    return [each.name for each in plan.variants] if arm == ALL else [arm]
