"""The help of audiences and tags in Chinese; ``chinese.py`` has the rest."""

from __future__ import annotations

HELP = {
    "Its name; no other may have it.": "名称，不可重复。",
    "When it is found out anew: never, hourly, daily or live.": (
        "更新方式：never 不更新，hourly 每小时，daily 每天，live 实时。"
    ),
    "What it is for.": "用途说明。",
    # audience
    "Audiences: sets of people, by a condition or by a list.": "人群：按条件或按名单圈定的用户。",
    "List audiences, the newest first.": "列出人群，最新的在前。",
    "Name or id of the audience.": "人群的名称或标识。",
    "Show an audience with its condition.": "查看人群及其条件。",
    "The condition in YAML or JSON; - is standard input.": "YAML 或 JSON 格式的条件；- 表示标准输入。",
    "Ids of people, one a line; - is standard input.": "用户标识，每行一个；- 表示标准输入。",
    "Make an audience by a condition (--file) or of these ids (--ids), and find out who is in it.": (
        "按条件（--file）或按名单（--ids）创建人群，并计算其成员。"
    ),
    "Find out anew who is in an audience, and say how many entered and left.": (
        "重新计算人群，并显示进入和离开的人数。"
    ),
    "List who is in an audience.": "列出人群中的用户。",
    "Export everybody in an audience as a table file.": "把人群中的全部用户导出为表格文件。",
    "Delete an audience; the people stay.": "删除人群；用户不受影响。",
    # tag
    "Tags: named values of people, found by rules, statistics, SQL and models, or given.": (
        "标签：用户的命名取值，由规则、统计、SQL、模型得出，或由人工给定。"
    ),
    "List tags, the newest first.": "列出标签，最新的在前。",
    "Only those in this category and below it.": "只列出该分类及其下级的标签。",
    "Name or id of the tag.": "标签的名称或标识。",
    "Show a tag with its definition.": "查看标签及其定义。",
    "The definition in YAML or JSON; - is standard input.": "YAML 或 JSON 格式的定义；- 表示标准输入。",
    "Where it is in the tree, with / between.": "所在分类，层级之间用 / 分隔。",
    "Who answers for it.": "负责人。",
    "Define a tag, and find out who has which value.": "定义标签，并计算每个用户的取值。",
    "Find out anew who has which value, and say how many changed.": "重新计算标签，并显示变化的人数。",
    "CSV with a heading: id, value; UTF-8 or GBK.": "带表头（id, value）的 CSV 文件，UTF-8 或 GBK 编码。",
    "For files of ids only: the value of all.": "文件只有标识时，所有人的取值。",
    "Give people values of a tag kept by hand, from a file of ids.": "用标识文件为人工标签批量赋值。",
    "Of one person instead: any id, or # and the person id.": (
        "改为查看某个用户：用户的任一标识，或 # 加用户编号。"
    ),
    "Show how many people have each value, or the history of one person's.": (
        "查看每个取值的人数，或某个用户取值的历史。"
    ),
    # prediction
    "Predictions: tags by models of churn, outcomes and value.": "预测：由流失、结果与价值模型得出的标签。",
    "List predictions, the newest first, with how good they are.": "列出预测及其效果，最新的在前。",
    "Show the report of a model, or why it was refused.": "查看模型的报告，或被拒绝的原因。",
    "Train a model anew, and say it of everybody.": "重新训练模型，并对所有人做出预测。",
    "Show who is most at risk or will be worth most, and why.": "查看风险最高或价值最高的用户及原因。",
}

WORDS = {
    "before": "此前",
    "category": "分类",
    "condition": "条件",
    "definition": "定义",
    "entered": "进入",
    "error": "失败原因",
    "left": "离开",
    "lines": "行数",
    "milliseconds": "毫秒",
    "question": "来源问题",
    "refresh": "更新方式",
    "refreshed_at": "更新时间",
    "refused": "被拒绝的行",
    "unknown_count": "未知标识数",
    "unknown_ids": "未知标识",
    "updated_at": "修改时间",
    "value_count": "取值数",
    "version": "版本",
    "created_by": "创建者",
    "auc": "AUC（区分度）",
    "brier": "Brier 分（只用比率时）",
    "lift": "前 10% 提升",
    "reasons": "原因",
    "score": "分数",
    "total": "预期总量",
}
