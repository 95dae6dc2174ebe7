"""The verdict in words: what can be said, and what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.experiments.measuring.groups import HOLDOUT, TREATED
from bihuan.experiments.readings.schemas import (
    CheckOutput,
    EffectOutput,
    GroupCount,
    MetricReading,
    Range,
    Verdict,
    Words,
)

_SHARES = ("proportion", "retention", "funnel")
_CHECKS = {
    "sample_ratio": Words(
        en="People did not fall into the variants in the shares planned, so something decides who gets in.",
        zh="各组人数与计划的比例不符，说明有其他因素影响了分组。",
    ),
    "multiple_exposure": Words(
        en="Too many people were in several variants, so the variants mix.",
        zh="有过多的人进入了不止一个组，各组已相互混杂。",
    ),
    "pre_period_bias": Words(
        en="The variants differed already before the experiment, so a difference after it says little.",
        zh="各组在实验前就有差异，实验后的差异说明不了问题。",
    ),
}


@dataclass(frozen=True)
class Telling:
    """What the words depend on besides the figures."""

    control: str
    confidence: float
    any_time: bool
    waiting: int = 0
    from_campaign_log: bool = False


def verdict_of(
    groups: Sequence[GroupCount],
    checks: Sequence[CheckOutput],
    metrics: Sequence[MetricReading],
    telling: Telling,
) -> Verdict:
    """What the figures allow to say."""
    people = {each.variant: each.people for each in groups}
    if not people.get(telling.control):
        return Verdict(outcome="not_attributable", said=[], not_said=[NOT_ATTRIBUTABLE])
    failed = list(dict.fromkeys(each.kind for each in checks if each.failed))
    if failed:
        said = [_CHECKS[each] for each in failed]
        return Verdict(outcome="stopped", said=said, not_said=[_STOPPED])
    primary = [each for each in metrics if each.role == "primary"]
    known = [
        (metric, effect) for metric in primary for effect in metric.effects if effect.difference is not None
    ]
    limits = _limits(telling)
    if not known:
        return Verdict(outcome="too_early", said=[], not_said=[_TOO_EARLY, *limits])
    said = [_effect_words(metric, effect, telling) for metric, effect in known]
    alpha = 1 - telling.confidence
    shown = [
        (metric, effect)
        for metric, effect in known
        if effect.p_corrected is not None and effect.p_corrected < alpha
    ]
    harmed = _harmed(metrics)
    unproven = [_unproven(*each) for each in known if each not in shown]
    if harmed:
        said += [_harm_words(metric, effect) for metric, effect in harmed]
        return Verdict(
            outcome="guard_rail_harmed",
            variant=harmed[0][1].variant,
            said=said,
            not_said=[*unproven, *limits],
        )
    good = [each for each in shown if _is_good(*each)]
    bad = [each for each in shown if not _is_good(*each)]
    worsened = {effect.variant for _, effect in bad}
    best = [each for each in good if each[1].variant not in worsened]
    if best:
        variant = max(best, key=lambda each: _size(*each))[1].variant
        return Verdict(outcome="better", variant=variant, said=said, not_said=[*unproven, *limits])
    if bad:
        return Verdict(outcome="worse", variant=bad[0][1].variant, said=said, not_said=[*unproven, *limits])
    return Verdict(outcome="nothing_shown", said=said, not_said=[*unproven, *limits])


NOT_ATTRIBUTABLE = Words(
    en="Without a holdout this cannot be attributed: nobody knows what these people would have done anyway.",
    zh="没有对照组，无法归因：不知道这些人本来会怎样。",
)
_STOPPED = Words(
    en="No figure of this experiment can be trusted before the cause is found; repair it and begin anew.",
    zh="在查明原因之前，本实验的数字都不可信；请修复后重新开始。",
)
_TOO_EARLY = Words(
    en="Too few people have a complete window for any statement.",
    zh="观察期已满的人数太少，还不能得出任何结论。",
)


def _harmed(metrics: Sequence[MetricReading]) -> list[tuple[MetricReading, EffectOutput]]:
    return [
        (metric, effect)
        for metric in metrics
        for effect in metric.effects
        if effect.guard_rail is not None and effect.guard_rail.verdict == "harmed"
    ]


def _effect_words(metric: MetricReading, effect: EffectOutput, telling: Telling) -> Words:
    difference = effect.difference
    assert difference is not None
    figures = {each.variant: each.estimate for each in metric.figures}
    control, treated = figures.get(telling.control), figures.get(effect.variant)
    is_share = metric.kind in _SHARES
    of = f"{_figure(treated, is_share)} vs {_figure(control, is_share)}"
    level = f"{telling.confidence:.0%}"
    en = (
        f"{metric.name}, {effect.variant}: {of}, difference {_signed(difference.value, is_share, 'en')} "
        f"({level} interval {_signed(difference.low, is_share, 'en')} to "
        f"{_signed(difference.high, is_share, 'en')})."
    )
    zh = (
        f"{metric.name}，{_group(effect.variant)}：{_figure(treated, is_share)}，"
        f"{_group(telling.control)}：{_figure(control, is_share)}，"
        f"差异 {_signed(difference.value, is_share, 'zh')}"
        f"（{level} 区间 {_signed(difference.low, is_share, 'zh')} 至 "
        f"{_signed(difference.high, is_share, 'zh')}）。"
    )
    return Words(en=en, zh=zh)


def _group(variant: str) -> str:
    """A variant in a Chinese sentence: those that nobody named have names of ours."""
    return {HOLDOUT: "对照组", TREATED: "非对照组"}.get(variant, f"{variant} 组")


def _harm_words(metric: MetricReading, effect: EffectOutput) -> Words:
    guard = effect.guard_rail
    margin = f"{guard.margin:.1%}" if guard else ""
    return Words(
        en=f"The guard rail {metric.name} is harmed by {effect.variant} by more than the {margin} tolerated.",
        zh=f"{_group(effect.variant)}使护栏指标「{metric.name}」受损，超过了可容忍的 {margin}。",
    )


def _unproven(metric: MetricReading, effect: EffectOutput) -> Words:
    difference = effect.difference
    assert difference is not None
    is_share = metric.kind in _SHARES
    low, high = difference.low, difference.high
    return Words(
        en=(
            f"Whether {effect.variant} changes {metric.name} is open: from {_signed(low, is_share, 'en')} to "
            f"{_signed(high, is_share, 'en')} everything remains possible. That is no proof of no effect."
        ),
        zh=(
            f"{_group(effect.variant)}是否改变了「{metric.name}」尚无定论：{_signed(low, is_share, 'zh')} 至 "
            f"{_signed(high, is_share, 'zh')} 都有可能；这并不等于证明没有效果。"
        ),
    )


def _limits(telling: Telling) -> list[Words]:
    found = [
        Words(
            en="Effects are per person who was assigned, reached or not; they say nothing of other people.",
            zh="效果按分到该组的所有人计算，不论是否触达；不能推及其他人群。",
        )
    ]
    if not telling.any_time:
        found.append(
            Words(
                en="The intervals hold for one look at a time fixed beforehand, not for the best of several.",
                zh="区间只适用于事先约定时间的一次查看，不适用于反复查看后挑选的结果。",
            )
        )
    if telling.waiting:
        found.append(
            Words(
                en=f"{telling.waiting} people are not counted in some metric: their window is not over.",
                zh=f"有 {telling.waiting} 人在部分指标中尚未计入：观察期未满。",
            )
        )
    if telling.from_campaign_log:
        found.append(
            Words(
                en="Who was to be reached and was not is in neither group, which can flatter the campaign.",
                zh="计划触达但未触达的人不在任何一组中，可能使活动效果偏高。",
            )
        )
    return found


def _is_good(metric: MetricReading, effect: EffectOutput) -> bool:
    difference = effect.difference
    return difference is not None and (difference.value > 0) == (metric.better == "higher")


def _size(metric: MetricReading, effect: EffectOutput) -> float:
    return abs(effect.difference.value) if effect.difference else 0.0


def _figure(shown: Range | None, is_share: bool) -> str:
    if shown is None:
        return "–"
    return f"{shown.value:.2%}" if is_share else f"{shown.value:,.4g}"


def _signed(value: float | None, is_share: bool, language: str) -> str:
    if value is None:
        return "∞"
    if not is_share:
        return f"{value:+,.4g}"
    return f"{value * 100:+.2f} {'points' if language == 'en' else '个百分点'}"
