"""Errors of campaigns."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class CampaignNotFound(BihuanError):
    """No such campaign in this project."""

    code = "campaign_not_found"
    status = 404
    messages = {"en": "There is no campaign {campaign_id}.", "zh": "活动 {campaign_id} 不存在。"}


class CampaignFixed(BihuanError):
    """The plan of a campaign that is no draft."""

    code = "campaign_fixed"
    status = 409
    messages = {
        "en": "The plan of '{name}' cannot be changed: the campaign is {state_en}.",
        "zh": "活动“{name}”当前状态为“{state_zh}”，方案不能修改。",
    }
    hints = {
        "en": "Take it back to draft first, or copy it into a new campaign.",
        "zh": "请先撤回为草稿，或复制为新活动。",
    }


class CampaignKept(BihuanError):
    """A campaign that ran is not deleted."""

    code = "campaign_kept"
    status = 409
    messages = {
        "en": "'{name}' is {state_en}; only drafts are deleted.",
        "zh": "“{name}”当前状态为“{state_zh}”；只有草稿可以删除。",
    }
    hints = {
        "en": "What a campaign did to people stays on record.",
        "zh": "活动对用户做过的事需要留有记录。",
    }


class TransitionImpossible(BihuanError):
    """From this state it does not go there."""

    code = "campaign_transition_impossible"
    status = 409
    messages = {
        "en": "'{name}' is {state_en}: it cannot {verb_en} now.",
        "zh": "“{name}”当前状态为“{state_zh}”，不能{verb_zh}。",
    }
    hints = {
        "en": "GET the campaign: `actions` lists what can be done.",
        "zh": "读取该活动，actions 中列出了可执行的操作。",
    }


class CampaignBlocked(BihuanError):
    """Something is missing."""

    code = "campaign_blocked"
    status = 409
    messages = {
        "en": "'{name}' cannot {verb_en} yet: {reasons_en}",
        "zh": "“{name}”暂不能{verb_zh}：{reasons_zh}",
    }
    hints = {
        "en": "GET …/preflight shows everything that is missing and how to mend it.",
        "zh": "GET …/preflight 会列出所有缺项及处理办法。",
    }


class StartNeedsApproval(BihuanError):
    """Whoever may not edit data starts only what somebody else agreed to."""

    code = "campaign_start_needs_approval"
    status = 403
    messages = {
        "en": "No approval rule applied to '{name}': starting it takes the right to edit data.",
        "zh": "没有审批规则适用于“{name}”：启动它需要编辑数据的权限。",
    }
    hints = {
        "en": "Ask a manager to start it, or have an approval rule made.",
        "zh": "请由经理启动，或先设置审批规则。",
    }


class CommentNotFound(BihuanError):
    """No such comment of the caller's."""

    code = "comment_not_found"
    status = 404
    messages = {
        "en": "There is no comment {comment_id} of yours on this campaign.",
        "zh": "该活动下没有你发表的评论 {comment_id}。",
    }


class CostNotFound(BihuanError):
    """No such line of money."""

    code = "cost_not_found"
    status = 404
    messages = {
        "en": "The campaign has no cost {cost_id}.",
        "zh": "该活动没有费用 {cost_id}。",
    }
