"""Errors of journeys."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class JourneyNotFound(BihuanError):
    """No such journey in this project."""

    code = "journey_not_found"
    status = 404
    messages = {"en": "There is no journey {journey_id}.", "zh": "旅程 {journey_id} 不存在。"}


class VersionNotFound(BihuanError):
    """A journey has no such version."""

    code = "journey_version_not_found"
    status = 404
    messages = {"en": "The journey has no version {number}.", "zh": "该旅程没有版本 {number}。"}


class YamlUnreadable(BihuanError):
    """A YAML text that is no journey; ``reason_en``/``reason_zh`` say why."""

    code = "journey_yaml_unreadable"
    status = 422
    messages = {"en": "Line {line}: {reason_en}.", "zh": "第 {line} 行：{reason_zh}。"}


class JourneyInvalid(BihuanError):
    """A journey with faults that is to be started or published; the first of them is told."""

    code = "journey_invalid"
    status = 422
    messages = {"en": "{reason_en}", "zh": "{reason_zh}"}
    hints = {
        "en": "It has {count} fault(s); POST …/journeys/check lists them all.",
        "zh": "共有 {count} 处问题，可用 POST …/journeys/check 查看全部。",
    }


class JourneyStateWrong(BihuanError):
    """Something that is not done in this state."""

    code = "journey_state_wrong"
    status = 409
    messages = {
        "en": "A journey that is {state} cannot be {wanted_en}.",
        "zh": "处于「{state_zh}」状态的旅程不能{wanted_zh}。",
    }


class MappingIncomplete(BihuanError):
    """People are to move to a new version, and it is not said where those at a node go."""

    code = "journey_mapping_incomplete"
    status = 422
    messages = {
        "en": "The new version has no node {node}; say where the people there go.",
        "zh": "新版本没有节点 {node}，请说明该节点上的用户去向。",
    }
    hints = {
        "en": 'Add it to mapping: {{"{node}": "other_node"}}, or null to have them leave.',
        "zh": '请在 mapping 中补充：{{"{node}": "目标节点"}}，填 null 表示退出旅程。',
    }


class EntryByApiOnly(BihuanError):
    """People are sent into a journey that takes them otherwise."""

    code = "journey_entry_not_api"
    status = 422
    messages = {
        "en": "People come into this journey by {kind}, not by the API.",
        "zh": "该旅程的进入方式为 {kind}，不能通过接口进入。",
    }
    hints = {"en": "Make its entry `kind: api`.", "zh": "请将进入方式改为 `kind: api`。"}


class PeriodUnusable(BihuanError):
    """A trial over a time that cannot be looked at."""

    code = "journey_period_unusable"
    status = 422
    messages = {
        "en": "A rehearsal takes a past time of at most {most_days} days.",
        "zh": "试跑区间须在过去，且不超过 {most_days} 天。",
    }


class ServiceMissing(BihuanError):
    """A node needs a part of the installation that is not there."""

    code = "journey_service_missing"
    status = 503
    messages = {
        "en": "Nothing in this installation takes what the node {kind} gives.",
        "zh": "当前安装中没有可处理 {kind} 节点的组件。",
    }


class WebhookChannelMissing(BihuanError):
    """A channel that is to be called, and is no webhook channel of this project."""

    code = "journey_webhook_channel_missing"
    status = 422
    messages = {
        "en": "There is no webhook channel {channel_id}.",
        "zh": "没有 Webhook 渠道 {channel_id}。",
    }


class MemberTaskNotFound(BihuanError):
    """No such task in this project."""

    code = "journey_task_not_found"
    status = 404
    messages = {"en": "There is no task {task_id}.", "zh": "任务 {task_id} 不存在。"}


class TaskMemberMissing(BihuanError):
    """A task is for somebody who is no member of the project (any more)."""

    code = "journey_task_member_missing"
    status = 422
    messages = {"en": "{member_id} is no member of the project.", "zh": "{member_id} 不是该项目的成员。"}
