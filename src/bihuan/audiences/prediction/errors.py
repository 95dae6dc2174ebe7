"""Errors of predictions."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class PredictionNotFound(BihuanError):
    """No such tag that foretells in this project."""

    code = "prediction_not_found"
    status = 404
    messages = {"en": "There is no prediction {tag_id}.", "zh": "预测 {tag_id} 不存在。"}


class NothingForetold(BihuanError):
    """A person of whom the model says nothing."""

    code = "nothing_foretold"
    status = 404
    messages = {
        "en": "{name} says nothing of this person.",
        "zh": "「{name}」没有对该用户的预测。",
    }
    hints = {
        "en": "Only people who are active, who bought or whose outcome is open are foretold, after a run.",
        "zh": "仅对当前活跃、有过购买或结果未定的用户进行预测，且需先完成一次训练。",
    }
