"""Errors of warnings."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class WarningRuleNotFound(BihuanError):
    """No such rule in this project."""

    code = "warning_rule_not_found"
    status = 404
    messages = {"en": "There is no rule of warnings {rule_id}.", "zh": "预警规则 {rule_id} 不存在。"}


class WarningNotFound(BihuanError):
    """No such warning in this project."""

    code = "warning_not_found"
    status = 404
    messages = {"en": "There is no warning {warning_id}.", "zh": "预警 {warning_id} 不存在。"}
