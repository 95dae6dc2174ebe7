"""Why a model or a figure is refused."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class DataInsufficient(BihuanError):
    """Too little data for a model; ``have`` and ``need`` are counts of ``what_en``/``what_zh``."""

    code = "data_insufficient"
    status = 422
    messages = {
        "en": "There is too little data for {model_en}: {have} {what_en}, at least {need} are needed.",
        "zh": "数据不足，无法建立{model_zh}：{what_zh}只有 {have}，至少需要 {need}。",
    }
    hints = {
        "en": "Take a longer period or a larger group of people, or wait until there is more.",
        "zh": "请选择更长的时间范围或更大的人群，或等数据积累后再试。",
    }


class StatsInputInvalid(BihuanError):
    """The arrays given to a model contradict each other; ``reason_en``/``reason_zh`` say how."""

    code = "stats_input_invalid"
    status = 422
    messages = {"en": "The data given cannot be used: {reason_en}.", "zh": "所给数据无法使用：{reason_zh}。"}


class FitNotConverged(BihuanError):
    """The likelihood has no maximum inside the range of sensible parameters."""

    code = "fit_not_converged"
    status = 422
    messages = {
        "en": "{model_en} does not fit this data: {reason_en}.",
        "zh": "{model_zh}无法拟合这些数据：{reason_zh}。",
    }
    hints = {
        "en": "Take a longer period or people who are more alike in how they came; see docs/predictions.md.",
        "zh": "请选择更长的时间范围或来源更一致的人群；参见 docs/predictions.zh-CN.md。",
    }


class LeakFound(BihuanError):
    """Features that seem to be known only after the moment of prediction.

    ``findings`` (in ``params``) has one ``Leak`` for each feature; see ``stats/churn/leaks.py``.
    """

    code = "leak_found"
    status = 422
    messages = {
        "en": "These features seem to be known only after the moment of prediction: {reasons_en}.",
        "zh": "以下特征似乎在预测时点之后才可知：{reasons_zh}。",
    }
    hints = {
        "en": "Leave them out, or declare that they are known at that moment if you are sure.",
        "zh": "请去掉这些特征；若确定其在预测时点已知，请明确声明。",
    }


class WindowsOverlap(BihuanError):
    """A window's outcome was not yet known when the window of the next step began."""

    code = "windows_overlap"
    status = 422
    messages = {
        "en": "The window from {cutoff} ends at {ends}, after the next one began at {test_cutoff}.",
        "zh": "起点为 {cutoff} 的窗口到 {ends} 才结束，晚于下一窗口的起点 {test_cutoff}。",
    }
    hints = {
        "en": "Move the windows apart by at least the length of the horizon.",
        "zh": "请让各窗口的间隔不小于预测期的长度。",
    }


class NothingLearned(BihuanError):
    """A trained model tells leavers from stayers no better than chance on the test window."""

    code = "nothing_learned"
    status = 422
    messages = {
        "en": "The features do not tell who will leave: AUC {auc} (at 95 % from {low}) on the test people.",
        "zh": "这些特征无法区分谁会流失：检验人群上 AUC 为 {auc}（95% 区间下限 {low}）。",
    }
    hints = {
        "en": "Add features of what people do, such as days since the last activity and its trend.",
        "zh": "请增加行为特征，例如距上次活跃的天数及其变化趋势。",
    }
