"""Errors of experiments, holdouts and flags."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class ExperimentNotFound(BihuanError):
    """No such experiment in this project."""

    code = "experiment_not_found"
    status = 404
    messages = {
        "en": "There is no experiment {experiment_id}.",
        "zh": "实验 {experiment_id} 不存在。",
    }


class ExperimentFixed(BihuanError):
    """What was declared cannot change once people are in."""

    code = "experiment_fixed"
    status = 409
    messages = {
        "en": "{name} is {status_en}: what was declared before it began stays as it is.",
        "zh": "实验「{name}」{status_zh}，开始前声明的内容不能再修改。",
    }
    hints = {
        "en": "Make a copy as a new experiment; only the name and the hypothesis may change now.",
        "zh": "请复制为新实验；目前只能修改名称和假设。",
    }


class ExperimentStatusWrong(BihuanError):
    """A step that does not follow from where the experiment is."""

    code = "experiment_status_wrong"
    status = 409
    messages = {
        "en": "{name} is {status_en}; that needs one that is {needed_en}.",
        "zh": "实验「{name}」{status_zh}；此操作要求实验{needed_zh}。",
    }


class ExperimentInvalid(BihuanError):
    """Parts of an experiment contradict each other."""

    code = "experiment_invalid"
    status = 422
    messages = {"en": "{reason_en}", "zh": "{reason_zh}"}


class ExperimentInUse(BihuanError):
    """A flag serves the experiment."""

    code = "experiment_in_use"
    status = 409
    messages = {
        "en": "{name} is served by the flags {flags}.",
        "zh": "实验「{name}」正由功能开关 {flags} 投放。",
    }
    hints = {"en": "Take it out of their rules first.", "zh": "请先从这些开关的规则中移除。"}


class LayerNotFound(BihuanError):
    """No such layer in this project."""

    code = "layer_not_found"
    status = 404
    messages = {"en": "There is no layer {layer_id}.", "zh": "互斥层 {layer_id} 不存在。"}


class LayerFull(BihuanError):
    """Running experiments of the layer have taken its people."""

    code = "layer_full"
    status = 409
    messages = {
        "en": "{name} asks for {wanted} % of the layer '{layer}', but {free} % in one piece are free.",
        "zh": "实验「{name}」需要互斥层“{layer}”的 {wanted}%，目前连续可用的只有 {free}%。",
    }
    hints = {
        "en": "Stop another experiment of the layer, or ask for less traffic.",
        "zh": "请停止该层中的其他实验，或降低流量占比。",
    }


class LayerInUse(BihuanError):
    """Experiments are in the layer."""

    code = "layer_in_use"
    status = 409
    messages = {
        "en": "{count} experiments are in the layer '{layer}'.",
        "zh": "互斥层“{layer}”中还有 {count} 个实验。",
    }


class NameTaken(BihuanError):
    """Two of a kind would have one name."""

    code = "experiment_name_taken"
    status = 409
    messages = {"en": "There is already one named '{name}'.", "zh": "已存在名为“{name}”的对象。"}


class MetricNotMeasurable(BihuanError):
    """A metric of insights that says nothing of single people."""

    code = "metric_not_measurable"
    status = 422
    messages = {
        "en": "The metric '{name}' cannot be measured person by person: {reason_en}.",
        "zh": "指标“{name}”无法按人衡量：{reason_zh}。",
    }
    hints = {
        "en": "Counts, people, sums, averages, and one divided by another can be.",
        "zh": "可用：次数、人数、求和、平均，以及两者相除。",
    }


class NotAttributable(BihuanError):
    """Nobody was held out, so there is nothing to compare with."""

    code = "not_attributable"
    status = 409
    messages = {
        "en": "Nobody was held out, so what happened cannot be attributed.",
        "zh": "没有对照组，结果无法归因。",
    }
    hints = {
        "en": "Hold some people out next time: 5 to 10 % are enough for large audiences.",
        "zh": "下次请预留对照组：人数较多时 5% 至 10% 即可。",
    }


class FlagNotFound(BihuanError):
    """No such flag in this project."""

    code = "flag_not_found"
    status = 404
    messages = {"en": "There is no flag {key}.", "zh": "功能开关 {key} 不存在。"}


class FlagInvalid(BihuanError):
    """Parts of a flag contradict each other."""

    code = "flag_invalid"
    status = 422
    messages = {"en": "{reason_en}", "zh": "{reason_zh}"}


class TargetingKeyMissing(BihuanError):
    """A rule needs to know who it is."""

    code = "targeting_key_missing"
    status = 422
    messages = {
        "en": "The flag {key} depends on the person, and the context has no targetingKey.",
        "zh": "功能开关 {key} 与用户有关，但上下文中没有 targetingKey。",
    }
    hints = {"en": "Send the person's id as targetingKey.", "zh": "请将用户 ID 作为 targetingKey 发送。"}


class HoldoutNotFound(BihuanError):
    """The project has no global holdout."""

    code = "holdout_not_found"
    status = 404
    messages = {"en": "This project has no global holdout.", "zh": "该项目没有全局对照组。"}
