"""The help of templates and consent in Chinese, with that of experiments; ``chinese.py`` has the rest."""

from __future__ import annotations

HELP = {
    "Templates of messages.": "消息模板。",
    "Who may be written to.": "谁可以接收消息。",
    "Name or id of the template.": "模板的名称或标识。",
    "Any id of the person, or # and the number.": "用户的任一 id，或 # 加用户编号。",
    "The address that nobody is to write to.": "不再发送的地址。",
    "email, sms, push, in_app, bot, webhook, or * for all.": (
        "email、sms、push、in_app、bot、webhook，或以 * 表示全部。"
    ),
    "List templates of messages, the newest first.": "列出消息模板，最新的在前。",
    "List everything that is wrong with a template.": "列出模板的全部问题。",
    "Show what a person agreed to, with proof.": "查看用户的授权及其凭证。",
    "Write to an address no more.": "不再向某地址发送消息。",
    # messages
    "Messages to people: the outbox.": "发给用户的消息：发件箱。",
    "Only this state.": "仅该状态。",
    "Only of this occurrence, as of a campaign.": "仅该次发送（如某活动的一次）。",
    "Only to this person, by an id of theirs.": "仅发给该用户（以其任一标识指定）。",
    "resend: somebody may get it twice. give_up: somebody may never get it.": (
        "resend：有人可能收到两次；give_up：有人可能收不到。"
    ),
    "List messages, the newest first.": "列出消息，最新的在前。",
    "Count messages by channel, state and reason.": "按通道、状态和原因统计消息数。",
    "Decide about all messages whose fate is unknown.": "处理所有结果未知的消息。",
    "The occurrence whose waiting messages are not sent.": "要取消待发消息的那一次发送。",
    "Take the messages of an occurrence out of the queue.": "取消某一次发送中尚未发出的消息。",
}

WORDS = {
    "medium": "渠道类型",
    "purpose": "用途",
    "severity": "级别",
    "place": "位置",
    "wording": "告知内容",
    "shown": "地址",
    "occurrence": "发送批次",
    "due_at": "预定时间",
    "sent_at": "发送时间",
    "channel_id": "通道",
}
