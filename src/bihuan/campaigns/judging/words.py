"""What can be said about a campaign, and what cannot, for a reader who knows no statistics."""

from __future__ import annotations

from bihuan.campaigns.findings import Sentence
from bihuan.campaigns.judging.schemas import CheckFigures, EffectFigures, Interval, Split

ALL = "all"
_CAUSES = {"execution": ("execution", "执行"), "plan": ("plan", "方案"), "market": ("market", "市场")}
_FACTORS = {
    "execution": ("fewer or more people were reached than planned", "触达人数与计划不符"),
    "plan": ("the effect on each person was not as planned", "每人效果与计划不符"),
    "market": ("each conversion was worth less or more than planned", "单次转化价值与计划不符"),
}


def say(en: str, zh: str) -> Sentence:
    """A sentence in both languages."""
    return Sentence(en=en, zh=zh)


def told(
    effects: list[EffectFigures],
    checks: list[CheckFigures],
    split: Split | None,
    *,
    has_holdout: bool,
    final: bool,
) -> tuple[list[Sentence], list[Sentence]]:
    """What can be said, and what cannot."""
    can: list[Sentence] = []
    cannot: list[Sentence] = []
    if not has_holdout:
        cannot.append(
            say(
                "Without a holdout this cannot be attributed: nobody knows what would have happened anyway.",
                "没有对照组，无法归因：不知道不做活动会怎样。",
            )
        )
    stopped = [each for each in checks if each.failed]
    cannot += [each.message for each in stopped]
    if not final:
        cannot.append(
            say(
                "People still have time to convert: the figures are not final.",
                "转化窗口尚未结束，以下数字不是最终结果。",
            )
        )
    if has_holdout and not stopped:
        for effect in effects:
            (can if effect.verdict in ("better", "worse") else cannot).append(_of_effect(effect))
        if split is not None and split.main is not None:
            can.append(_of_split(split))
        elif split is not None:
            cannot.append(
                say(
                    "Which factor made the difference to the plan cannot be told: the intervals overlap 0.",
                    "与计划的差距主要来自哪个因素还不能判断：区间跨过 0。",
                )
            )
    return can, cannot


def _of_effect(effect: EffectFigures) -> Sentence:
    zh_arm, en_arm = (
        ("活动", "The campaign") if effect.arm == ALL else (f"版本 {effect.arm}", f"Variant {effect.arm}")
    )
    en_what, zh_what = {
        "conversion": ("the share who converted", "转化率"),
        "value": ("the value per person", "人均价值"),
    }[effect.measure]
    if effect.difference is None or effect.verdict == "none":
        return say(
            f"{en_arm}: nothing can be said about {en_what} ({effect.reason or 'no people'}).",
            f"{zh_arm}：数据不足，{zh_what}无法比较（{effect.reason or '没有人'}）。",
        )
    span_en, span_zh = _span(effect.difference, effect.measure)
    if effect.verdict == "unclear":
        return say(
            f"{en_arm}: whether {en_what} changed cannot be said; {span_en}, which includes none at all.",
            f"{zh_arm}：不能判断{zh_what}是否改变；{span_zh}，包含 0。",
        )
    en_verb, zh_verb = ("raised", "提高了") if effect.verdict == "better" else ("lowered", "降低了")
    return say(f"{en_arm} {en_verb} {en_what}: {span_en}.", f"{zh_arm}{zh_verb}{zh_what}：{span_zh}。")


def _span(interval: Interval, measure: str) -> tuple[str, str]:
    def shown(number: float | None) -> str:
        if number is None:
            return "?"
        return f"{100 * number:+.2f}" if measure == "conversion" else f"{number:+.2f}"

    ends = f"{shown(interval.value)} ({shown(interval.low)} … {shown(interval.high)})"
    unit = (" points", " 个百分点") if measure == "conversion" else ("", "")
    return f"{ends}{unit[0]} with 95 % confidence", f"{ends}{unit[1]}（95% 置信区间）"


def _of_split(split: Split) -> Sentence:
    assert split.main is not None
    en_cause, zh_cause = _CAUSES[split.main]
    en_why, zh_why = _FACTORS[split.main]
    less = split.difference.value < 0
    return say(
        f"It brought {'less' if less else 'more'} than planned, most of it by {en_cause}: {en_why}.",
        f"结果{'低于' if less else '高于'}计划，主要原因在{zh_cause}：{zh_why}。",
    )


def of_check(code: str, failed: bool) -> Sentence:
    """What a check says."""
    good = {
        "sample_ratio": ("The arms have the sizes planned.", "各组人数与设计一致。"),
        "before": ("The arms did not differ before it began.", "活动开始前各组没有差异。"),
        "several_arms": ("Hardly anybody was in several arms.", "几乎没有人同时属于多个组。"),
    }
    bad = {
        "sample_ratio": (
            "The arms do not have the sizes planned: something put people in or out. No verdict.",
            "各组人数与设计不符，分组可能被破坏，不能下结论。",
        ),
        "before": (
            "The arms differed already before it began: what differs now is not the campaign's doing.",
            "活动开始前各组就有差异，现在的差异不能归因于活动。",
        ),
        "several_arms": (
            "Too many people were in several arms (their ids were merged): the arms are mixed. No verdict.",
            "过多用户因合并身份而属于多个组，组间已混淆，不能下结论。",
        ),
    }
    return say(*(bad if failed else good)[code])
