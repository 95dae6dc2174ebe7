"""Errors of the preflight."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class RehearsalImpossible(BihuanError):
    """A plan that does not say enough to be played through."""

    code = "campaign_rehearsal_impossible"
    status = 409
    messages = {
        "en": "'{name}' cannot be rehearsed: {what_en} is missing.",
        "zh": "“{name}”还不能演练：缺少{what_zh}。",
    }
    hints = {
        "en": "Rehearsing takes an audience with people, an outcome, and the expected effect and value.",
        "zh": "演练需要有人的人群、转化事件，以及预期的效果和价值。",
    }
