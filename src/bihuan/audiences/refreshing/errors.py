"""Errors of definitions and refreshes."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class DefinitionCircular(BihuanError):
    """A definition that in the end depends on itself."""

    code = "definition_circular"
    status = 422
    messages = {
        "en": "This depends on itself: {chain}.",
        "zh": "定义出现循环引用：{chain}。",
    }
    hints = {
        "en": "Take one of the references out of the circle.",
        "zh": "请去掉其中一处引用。",
    }


class ReferenceUnknown(BihuanError):
    """A definition that refers to an audience or a tag that is not there (any more)."""

    code = "reference_unknown"
    status = 422
    messages = {
        "en": "There is no {scope} {name} in this project.",
        "zh": "本项目没有标识为 {name} 的{scope_zh}。",
    }
    hints = {
        "en": "It may have been deleted: choose another one.",
        "zh": "它可能已被删除，请另选一个。",
    }


class NameUnknown(BihuanError):
    """A definition that asks for an event or a property that nothing was ever recorded of."""

    code = "name_unknown"
    status = 422
    messages = {
        "en": "Nothing named {name} is recorded, nor is it in the tracking plan.",
        "zh": "没有名为 {name} 的数据，埋点方案中也没有。",
    }
    hints = {
        "en": "Check the spelling, or add it to the tracking plan first.",
        "zh": "请检查拼写，或先把它加入埋点方案。",
    }


class WindowImpossible(BihuanError):
    """A condition that nobody can ever meet because of its window."""

    code = "window_impossible"
    status = 422
    messages = {"en": "Nobody can meet this: {reason_en}.", "zh": "任何人都无法满足：{reason_zh}。"}
    hints = {"en": "Choose another window or another figure.", "zh": "请调整时间范围或数值。"}


class RefreshRunning(BihuanError):
    """Somebody is refreshing it already."""

    code = "refresh_running"
    status = 409
    messages = {"en": "{name} is being refreshed just now.", "zh": "「{name}」正在更新。"}
    hints = {"en": "Wait until it has ended.", "zh": "请等待本次更新结束。"}


class StillUsed(BihuanError):
    """Other definitions refer to it."""

    code = "still_used"
    status = 409
    messages = {"en": "{name} is used by {users}.", "zh": "「{name}」正被 {users} 使用。"}
    hints = {"en": "Change those first.", "zh": "请先修改它们。"}
