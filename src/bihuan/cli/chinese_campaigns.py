"""The help of campaigns in Chinese."""

from __future__ import annotations

HELP = {
    "Campaigns: from a plan to what it did.": "活动：从方案到复盘。",
    "Name or id of the campaign.": "活动的名称或标识。",
    "List campaigns, the newest first.": "列出活动，最新的在前。",
    "List the ready campaigns that one may begin with.": "列出可直接套用的活动模板。",
    "What it is called.": "活动名称。",
    "A ready campaign to begin with.": "套用的活动模板。",
    "The plan in YAML or JSON; - is standard input.": "YAML 或 JSON 格式的方案；- 表示标准输入。",
    "Begin a campaign as a draft.": "新建活动草稿。",
    "Show a campaign with its plan.": "查看活动及其方案。",
    "Say what would happen if it began now, and what is missing.": "预检：现在启动会怎样，还缺什么。",
    "What to do with it.": "要执行的操作。",
    "Kept in its activity log.": "备注，记入活动日志。",
    "Submit, withdraw, schedule, unschedule, start, pause, resume, finish or evaluate a campaign.": (
        "提交、撤回、排期、取消排期、启动、暂停、继续、结束或复盘活动。"
    ),
    "Show what a campaign did, in words.": "用文字说明活动的效果。",
}

WORDS = {
    "lever": "抓手",
    "starts_at": "开始时间",
    "level": "级别",
    "place": "位置",
    "hint": "处理办法",
    "zh": "中文",
    "en": "英文",
}
