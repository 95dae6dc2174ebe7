"""What the pages for people say."""

from __future__ import annotations

from bihuan.kernel.errors import Language

MEDIUM_NAMES: dict[str, dict[Language, str]] = {
    "email": {"en": "E-mail", "zh": "邮件"},
    "sms": {"en": "Text message", "zh": "短信"},
    "push": {"en": "Notification", "zh": "推送通知"},
    "in_app": {"en": "In the app", "zh": "应用内消息"},
    "bot": {"en": "Chat", "zh": "群机器人"},
    "webhook": {"en": "Other systems", "zh": "其他系统"},
}
WORDS: dict[str, dict[Language, str]] = {
    "preferences": {"en": "What we may write to you", "zh": "消息偏好设置"},
    "lead": {"en": "Tick what you would like to get, and save.", "zh": "请勾选愿意接收的消息，然后保存。"},
    "agree": {
        "en": "I agree to get “{purpose}” by: {medium}.",
        "zh": "我同意通过{medium}接收「{purpose}」。",
    },
    "disagree": {
        "en": "I do not want “{purpose}” by: {medium}.",
        "zh": "我不再通过{medium}接收「{purpose}」。",
    },
    "always": {
        "en": "Messages about what you asked for, such as orders and security, are always sent.",
        "zh": "与您办理的业务有关的消息（如订单、安全提醒）始终发送。",
    },
    "preview": {"en": "This is a preview: nothing is saved.", "zh": "这是预览，不会保存任何内容。"},
    "save": {"en": "Save", "zh": "保存"},
    "saved": {"en": "Saved.", "zh": "已保存。"},
    "pending": {
        "en": "waiting for your confirmation: see the message we sent you",
        "zh": "等待确认：请查看我们发送的确认消息",
    },
    "unsubscribe": {"en": "Unsubscribe", "zh": "退订"},
    "unsubscribe_from": {
        "en": "Do you want no more “{purpose}” by: {medium}?",
        "zh": "是否不再通过{medium}接收「{purpose}」？",
    },
    "unsubscribe_all": {"en": "Unsubscribe from all advertising", "zh": "退订全部营销消息"},
    "unsubscribed": {
        "en": "You will get no more “{purpose}” by: {medium}.",
        "zh": "您将不再通过{medium}收到「{purpose}」。",
    },
    "unsubscribed_all": {"en": "You will get no more advertising.", "zh": "您将不再收到任何营销消息。"},
    "confirm": {"en": "Confirm", "zh": "确认订阅"},
    "confirmed": {"en": "Thank you: that is confirmed.", "zh": "感谢确认，订阅已生效。"},
    "confirm_subject": {"en": "Please confirm: {purpose}", "zh": "请确认订阅：{purpose}"},
    "confirm_lead": {"en": "You told us:", "zh": "您已表示："},
    "confirm_link": {
        "en": "If that is right, please confirm it here:",
        "zh": "如确认无误，请点击以下链接完成确认：",
    },
    "confirm_text": {
        "en": "Please confirm “{purpose}” by text message:",
        "zh": "请点击链接确认通过短信接收「{purpose}」：",
    },
    "confirm_otherwise": {
        "en": "If it was not you, do nothing: we will not write to you about it.",
        "zh": "如果不是您本人操作，请忽略本邮件，我们不会因此向您发送消息。",
    },
    "change": {"en": "Change what you get", "zh": "修改消息偏好"},
    "other_language": {"en": "中文", "zh": "English"},
    "by": {"en": "From {company}", "zh": "来自 {company}"},
}


def words(key: str, language: Language, **values: str) -> str:
    """A sentence."""
    return WORDS[key][language].format(**values)
