"""Errors of approvals."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class ApprovalRuleNotFound(BihuanError):
    """No such rule in this project."""

    code = "approval_rule_not_found"
    status = 404
    messages = {"en": "There is no approval rule {rule_id}.", "zh": "审批规则 {rule_id} 不存在。"}


class ApprovalNotAsked(BihuanError):
    """A campaign that is not in review."""

    code = "approval_not_asked"
    status = 409
    messages = {
        "en": "'{name}' is {state_en}: there is nothing to decide.",
        "zh": "“{name}”当前状态为“{state_zh}”，无需审批。",
    }


class ApproverNotFit(BihuanError):
    """A key, or a member whose role no rule names."""

    code = "approver_not_fit"
    status = 403
    messages = {
        "en": "Only members in these roles decide on '{name}': {roles}.",
        "zh": "只有以下角色的成员可以审批“{name}”：{roles}。",
    }
    hints = {
        "en": "Log in as such a member; API keys cannot approve.",
        "zh": "请由相应角色的成员登录后审批；API 密钥不能审批。",
    }


class ApproverIsAuthor(BihuanError):
    """Four eyes: whoever submitted or last changed it does not approve it."""

    code = "approver_is_author"
    status = 403
    messages = {
        "en": "You submitted or changed '{name}' yourself; somebody else has to approve it.",
        "zh": "“{name}”由你本人提交或修改，必须由他人审批。",
    }


class AlreadyDecided(BihuanError):
    """One decision a member and round."""

    code = "approval_already_decided"
    status = 409
    messages = {
        "en": "You have already decided on '{name}'.",
        "zh": "你已经审批过“{name}”。",
    }
