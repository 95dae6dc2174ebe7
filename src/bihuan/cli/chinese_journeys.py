"""The help of journeys in Chinese, with that of messages; ``chinese.py`` has the rest."""

from __future__ import annotations

HELP = {
    "Journeys: people led through waits, branches and messages.": "旅程：引导用户等待、分流、接收消息。",
    "Name or id of the journey.": "旅程的名称或标识。",
    "The journey in YAML; - is standard input.": "YAML 格式的旅程；- 表示标准输入。",
    "Have everybody leave now instead of finishing first.": "让所有用户立即退出，而不是走完再退出。",
    "List journeys, the newest first.": "列出旅程，最新的在前。",
    "Find the faults of a journey; nothing is kept.": "检查旅程中的问题，不保存。",
    "Make a journey as a draft, which nobody comes into before it is started.": (
        "创建旅程草稿；启动之前不会有用户进入。"
    ),
    "Show a journey as YAML.": "以 YAML 显示旅程。",
    "Count who is at each node of a journey, and who came there ever.": "统计各节点的当前人数与累计人数。",
    "Let people into a journey from now on.": "启动旅程，从现在起用户可以进入。",
    "Move nobody until the journey is resumed.": "暂停旅程，恢复之前不推进任何用户。",
    "Go on with a journey that is paused.": "恢复已暂停的旅程。",
    "Let nobody into a journey any more.": "停止旅程，不再有用户进入。",
}

WORDS = {
    "node": "节点",
    "came": "累计",
    "inside": "当前",
    "code": "代码",
    "path": "位置",
}
