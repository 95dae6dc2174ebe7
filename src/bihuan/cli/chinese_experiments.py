"""The help of experiments and flags in Chinese, with that of audiences; ``chinese.py`` has the rest."""

from __future__ import annotations

HELP = {
    "Experiments: variants compared, with a verdict.": "实验：对比各组并给出结论。",
    "Feature flags: what software is told.": "功能开关：告诉软件该展示什么。",
    "Name or id of the experiment.": "实验的名称或标识。",
    "List experiments, the newest first.": "列出实验，最新的在前。",
    "Take a reading of an experiment, which is kept, and say what it shows and what it does not.": (
        "读取一次实验结果（会留存），并说明能得出什么、不能得出什么。"
    ),
    "List feature flags, the newest first.": "列出功能开关，最新的在前。",
}

WORDS = {
    "flag": "开关",
    "outcome": "结论",
    "said": "可以说",
    "not_said": "不能说",
    "started_at": "开始时间",
    "stopped_at": "停止时间",
    "variants": "取值",
    "text": "说明",
}
