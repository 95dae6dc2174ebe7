"""The command line in Chinese: help, headings and usage errors, by what stands in English.

A test compares ``HELP`` with the help there is; what is not listed is shown in English.
"""

from __future__ import annotations

from bihuan.cli import chinese_features

HELP = chinese_features.HELP | {
    # bihuan
    "闭环 Bihuan: one self-hosted system for operating internet products.": (
        "闭环 Bihuan：自主部署的一体化互联网产品运营系统。"
    ),
    "Begin with `bihuan init` and `bihuan serve`. Settings come from the options, the environment "
    "(BIHUAN_…), then bihuan.toml.": (
        "先执行 `bihuan init`，再执行 `bihuan serve`。"
        "配置依次取自命令行选项、环境变量（BIHUAN_…）和 bihuan.toml。"
    ),
    "Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 3 nothing answers, or the directory is "
    "busy · 4 an import stored nothing, or a check of doctor failed.": (
        "退出码：0 完成 · 1 被拒绝或失败 · 2 用法错误 · 3 没有响应，或数据目录正被占用 · "
        "4 导入没有存入任何数据，或 doctor 有检查未通过。"
    ),
    "Show the version.": "显示版本号。",
    "Install completion for the current shell.": "为当前 shell 安装命令补全。",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "显示当前 shell 的补全脚本，供复制或自行安装。"
    ),
    "Show this message and exit.": "显示本帮助。",
    # shared options
    "Data directory.": "数据目录。",
    "Address of a server; otherwise the one on the data directory, or this process.": (
        "服务器地址；不指定时使用数据目录上正在运行的服务，没有则由本进程处理。"
    ),
    "API key; otherwise the first key, in the data directory's admin.key.": (
        "API 密钥；不指定时使用数据目录 admin.key 中的首个密钥。"
    ),
    "Answer in JSON, for programs.": "以 JSON 输出，供程序使用。",
    "Language: en or zh; otherwise BIHUAN_LANGUAGE, bihuan.toml, then the terminal's.": (
        "语言：en 或 zh；不指定时依次取 BIHUAN_LANGUAGE、bihuan.toml、终端的语言。"
    ),
    "Project; not needed when there is one.": "项目；只有一个项目时可省略。",
    # init, serve, worker, demo, doctor
    "Make the data directory, the first project and the keys. Run again, it changes nothing.": (
        "创建数据目录、首个项目和密钥。重复执行不会改动任何内容。"
    ),
    "Id of the first project.": "首个项目的标识。",
    "Its name; otherwise the id.": "项目名称；不指定时与标识相同。",
    "Where its days begin.": "一天从哪个时区的零点算起。",
    "1 is Monday, 7 is Sunday.": "一周的第一天：1 为周一，7 为周日。",
    "ISO code.": "货币的 ISO 代码。",
    "Serve collection, API and background jobs until SIGTERM or Ctrl-C.": (
        "提供数据采集、API 和后台任务，直到收到 SIGTERM 或 Ctrl-C。"
    ),
    "Address to listen on.": "监听地址。",
    "0 takes a free one.": "监听端口；0 表示任选一个空闲端口。",
    "Run background jobs here too.": "是否也在本进程运行后台任务。",
    "Run background jobs until SIGTERM or Ctrl-C, beside servers that share PostgreSQL and ClickHouse.": (
        "与共用 PostgreSQL 和 ClickHouse 的服务并列运行后台任务，直到收到 SIGTERM 或 Ctrl-C。"
    ),
    "Load the Complete Journey study, print what it answers, and serve it on loopback.": (
        "载入 Complete Journey 数据集，显示分析结果，并在本机提供服务。"
    ),
    "Leave the server running.": "结束后是否保持服务运行。",
    "Check the installation, and say how to mend what is wrong. Exit code 4 when a check fails.": (
        "检查安装状况，并给出修复办法。有检查未通过时退出码为 4。"
    ),
    "Settings are shown without secrets. When nothing can be opened, the machine is checked all the same.": (
        "显示配置时隐去密码。数据无法打开时，仍会检查本机环境。"
    ),
    # backup and restore
    "Copy everything while the server goes on: every event acknowledged before now is in it.": (
        "在服务运行的同时完整备份：此前确认过的每个事件都在其中。"
    ),
    "The copy holds the first API key too: keep it as safe as the server itself.": (
        "备份中含有首个 API 密钥，请像服务器本身一样妥善保管。"
    ),
    "A new file (.tar), or a new or empty directory.": "新文件（.tar），或新建的、空的目录。",
    "Restore a backup into an empty data directory; nothing is ever overwritten.": (
        "把备份恢复到空的数据目录；绝不覆盖已有内容。"
    ),
    "What `bihuan backup` made.": "`bihuan backup` 生成的备份。",
    # project
    "Projects: each has events, people and a calendar of its own.": "项目：各有独立的事件、用户和日历。",
    "Make a project with a source and a write key.": "创建项目，附带一个数据源和一个写入密钥。",
    "List the projects that the key can see.": "列出密钥可见的项目。",
    "Show a project and its sources.": "查看项目及其数据源。",
    "Change what is given; the rest stays. Answers follow the new calendar at once.": (
        "只修改给出的项，其余不变。分析结果立即按新的日历计算。"
    ),
    "Delete a project with its events, people and keys. It cannot be undone.": (
        "删除项目及其事件、用户和密钥。无法撤销。"
    ),
    "Id of the project.": "项目标识。",
    "What people call it.": "项目名称。",
    "Where its days begin: an IANA name.": "一天从哪个时区的零点算起，IANA 时区名。",
    "Silence that ends a session, in seconds.": "多少秒没有活动即结束一次会话。",
    "Do not ask.": "不再询问确认。",
    # key
    "Keys: write keys (wk_…, public) send events; API keys (bk_…, secret) do the rest.": (
        "密钥：写入密钥（wk_…，可公开）用于发送事件；API 密钥（bk_…，须保密）用于其他一切操作。"
    ),
    "List write keys and API keys; secrets are never shown again.": (
        "列出写入密钥和 API 密钥；密钥原文不会再次显示。"
    ),
    "Make a key. The secret of an API key is shown this once.": "创建密钥。API 密钥的原文只显示这一次。",
    "End a key at once.": "立即吊销密钥。",
    "API keys of the whole instance, not of a project.": "针对整个实例而非某个项目的 API 密钥。",
    "write or api": "write（写入密钥）或 api（API 密钥）。",
    "Of a write key: its source, made when new.": "写入密钥所属的数据源；不存在则新建。",
    "Of an API key: what it is for.": "API 密钥的用途说明。",
    "Of an API key: read, write, admin. Can be repeated.": "API 密钥的权限：read、write、admin。可重复。",
    "Of an API key: ISO time with its offset.": "API 密钥的失效时间：带时差的 ISO 时间。",
    "A write key, or the id of an API key.": "写入密钥，或 API 密钥的标识。",
    # member
    "Members: those who log in, what they may do, and the links that let them in.": (
        "成员：谁可以登录、有哪些权限，以及邀请和重设密码的链接。"
    ),
    "List everybody who has an account.": "列出所有拥有账号的成员。",
    "Show the link once more with which the first member is made.": "重新显示用于创建首位成员的链接。",
    "Invite somebody to a project. The link is shown this once; hand it over.": (
        "邀请成员加入项目。链接只显示这一次，请转交对方。"
    ),
    "Give a member another role in a project.": "更改成员在项目中的角色。",
    "Take a member out of a project; the account stays.": "将成员移出项目，账号保留。",
    "Show a link with which a member chooses a new password; hand it over.": (
        "显示供成员重设密码的链接，请转交对方。"
    ),
    "Let a member who lost the authenticator app log in without its codes.": (
        "成员丢失身份验证器时，取消其登录验证码。"
    ),
    "Let a member in no more, at once; what they made stays.": "立即停用成员，其创建的内容保留。",
    "Let a disabled member in again.": "重新启用被停用的成员。",
    "E-mail address of the member.": "成员的邮箱。",
    "What the member is in the project.": "成员在项目中的角色。",
    # import
    "Import files of events or people. An interrupted import goes on when it is begun again.": (
        "导入事件或用户文件。中断的导入重新执行即可继续。"
    ),
    "Rows that cannot be read go to the quarantine with their line; rows that were imported before are not "
    "imported twice. Exit code 4 when nothing was stored.": (
        "无法读取的行连同行号进入隔离区；此前导入过的行不会重复导入。没有存入任何数据时退出码为 4。"
    ),
    "CSV, TSV, JSON (lines), Parquet, Arrow, XLSX; also gz, zst, bz2, zip.": (
        "CSV、TSV、JSON（或逐行 JSON）、Parquet、Arrow、XLSX；也可为 gz、zst、bz2、zip 压缩文件。"
    ),
    "Mapping in YAML. Guessed when not given; written there when it is new.": (
        "YAML 格式的字段映射。不指定时自动推测；文件不存在时写入推测结果。"
    ),
    "Name under which the rows are kept.": "这些数据归入的数据源名称。",
    "Of times that carry none; otherwise the project's.": "没有时区的时间按此时区解释；不指定时用项目时区。",
    "Show and write the guessed mapping, import nothing.": "只显示并写出推测的映射，不导入。",
    # export and query
    "Export events, people or an answer as a table file.": "把事件、用户或分析结果导出为表格文件。",
    "Export events, streamed: memory does not grow with them.": "流式导出事件：内存占用不随数据量增长。",
    "Export people with a profile.": "导出有资料的用户。",
    "Export the answer to a query as a flat table.": "把查询结果导出为平面表格。",
    "File to write; - is standard output. Its ending tells the format.": (
        "输出文件，格式由扩展名决定；- 表示标准输出。"
    ),
    "csv, xlsx, parquet, arrow or jsonl.": "文件格式。",
    "Give this property a column of its own. Can be repeated.": "该属性单独成列。可重复。",
    "CSV as Excel wants it: byte order mark, formulas made safe.": (
        "适合 Excel 的 CSV：带字节序标记，并使公式失效。"
    ),
    "Only these. Can be repeated.": "只导出这些事件。可重复。",
    "As in a query, in JSON.": "筛选条件，JSON 格式，写法同查询。",
    "A file in JSON or YAML, - for standard input, or a kind such as trend.": (
        "JSON 或 YAML 文件，- 表示标准输入，或分析类型名，如 trend。"
    ),
    "Set a field, as in series.0.selector.events.0=purchase; the value is YAML. Can be repeated.": (
        "设置一个字段，如 series.0.selector.events.0=purchase；值按 YAML 解析。可重复。"
    ),
    "First day, on the project's calendar.": "起始日，按项目日历。",
    "Last day, on the project's calendar.": "截止日，按项目日历。",
    "Ask a question and print the answer; `bihuan query kinds` lists what can be asked.": (
        "执行一次分析并显示结果；`bihuan query kinds` 列出全部分析类型。"
    ),
    "Example: bihuan query trend --set series.0.selector.events.0=purchase --set interval=week": (
        "示例：bihuan query trend --set series.0.selector.events.0=purchase --set interval=week"
    ),
    "Print the SQL that was run, only.": "只显示所执行的 SQL。",
    # catalog
    "The tracking plan: events and properties, planned and seen.": (
        "埋点方案：规划的和实际出现的事件与属性。"
    ),
    "List events, planned and seen.": "列出规划的和实际出现的事件。",
    "Part of a name.": "名称中包含的文字。",
    "At most this many.": "最多显示多少条。",
    "Show an event with its properties.": "查看事件及其属性。",
    "Name of the event.": "事件名。",
    "Show or set how strictly the plan is applied: observe, warn or enforce.": (
        "查看或设置埋点方案的执行力度：observe 只观察，warn 警告，enforce 强制。"
    ),
    "Not given: show it.": "不指定时显示当前设置。",
    "List how traffic broke the plan.": "列出数据违反埋点方案之处。",
    "Write the plan to a file.": "把埋点方案写入文件。",
    "plan.yaml or plan.xlsx; - is YAML on standard output.": (
        "plan.yaml 或 plan.xlsx；- 表示以 YAML 写到标准输出。"
    ),
    "Add or change what the file has; what it does not name stays.": (
        "按文件新增或修改埋点方案；文件未提及的保持不变。"
    ),
    "plan.yaml or plan.xlsx.": "plan.yaml 或 plan.xlsx。",
    # quarantine
    "Items that were set aside with reason and payload.": "隔离区：被拦下的数据，附原因和原始内容。",
    "Only this reason.": "只看该原因。",
    "Only this event.": "只看该事件。",
    "Only this source.": "只看该数据源。",
    "List held items, the latest first.": "列出隔离中的数据，最近的在前。",
    "Count items by reason, event, source and status.": "按原因、事件、数据源和状态统计。",
    "Send held items through the pipeline again, up to 1,000 at a time, the latest first.": (
        "把隔离中的数据重新送入处理流程，每次最多 1,000 条，最近的在前。"
    ),
    "Each is read as its sender's requests are: after a change of the plan, the same payload "
    "may be let in.": ("每条都按其发送方的协议重新解析：修改埋点方案后，原样的数据即可入库。"),
    "Replace the payload of an item, in the form in which its sender sends it.": (
        "替换一条数据的原始内容，格式与发送方所发的相同。"
    ),
    "From `bihuan quarantine list`.": "`bihuan quarantine list` 中的标识。",
    "Its new payload in JSON; - for standard input.": "新的 JSON 内容所在文件；- 表示标准输入。",
    "Mark held items as not wanted.": "把隔离中的数据标记为丢弃。",
    # imports
    "Imports there have been: list, continue, undo.": "导入记录：列出、继续、撤销。",
    "From `bihuan imports list`.": "取自 `bihuan imports list`。",
    "List imports, the latest first.": "列出导入，最近的在前。",
    "Go on with an import that stopped half-way, from the file as it was uploaded.": (
        "用已上传的文件，从断点继续中途停止的导入。"
    ),
    "Delete every row that an import stored; what was there before stays, and the file can come again.": (
        "删除一次导入写入的全部数据；之前已有的数据保留，文件可以再次导入。"
    ),
    # people
    "People: find, look at, merge, erase.": "用户：查找、查看、合并、删除。",
    "Any id of the person, or # and the person id.": "用户的任一标识，或 # 加用户编号。",
    "List people with a profile, the last changed first.": "列出有资料的用户，最近变更的在前。",
    "In ids, names, mail addresses, telephone numbers.": "在标识、姓名、邮箱、电话中查找。",
    "Show a person and the latest events.": "查看用户及其最近的事件。",
    "How many of the latest events.": "显示最近多少个事件。",
    "Join two persons; `bihuan people undo` takes it back.": ("合并两个用户；`bihuan people undo` 可撤销。"),
    "An id of the person to be joined to the other.": "被并入者的任一标识。",
    "An id of the person who remains.": "保留者的任一标识。",
    "List which ids were joined, and which were refused.": "列出哪些标识已合并，哪些被拒绝。",
    "applied, refused or undone.": "状态：applied 已生效，refused 被拒绝，undone 已撤销。",
    "Take back a merge, a link or an alias.": "撤销一次合并、关联或别名。",
    "From `bihuan people links`.": "`bihuan people links` 中的编号。",
    "Erase everything recorded of a person, under all ids. It cannot be undone.": (
        "删除一个用户在所有标识下的全部记录。无法撤销。"
    ),
}

# What typer says of a command line that it does not understand.
USAGE_ERRORS = {
    r"^No such option: (\S+)": r"没有选项 \1",
    r" \(Possible options: (.*)\)$": r"（是否指：\1）",
    r"^No such command ('.*?')\.": r"没有命令 \1。",
    r"^No such command ('.*?')(?=[.。] Did)": r"没有命令 \1",
    r"[.。] Did you mean (.*)\?$": r"。是否指：\1？",
    r"^Missing command\.$": "缺少命令。",
    r"^Missing argument ('.*?')\.": r"缺少参数 \1。",
    r"^Missing option ('.*?')\.": r"缺少选项 \1。",
    r"^Got unexpected extra argument\(s\) \((.*)\)$": r"多余的参数：\1",
    r"^Option ('.*?') requires an argument\.$": r"选项 \1 缺少值。",
    r"^Option ('.*?') does not take a value\.$": r"选项 \1 不带值。",
    r"^Invalid value for (.*?): ": r"\1 的值无效：",
    r" / '": r" 或 '",
    r"\(env var: ('.*?')\)": r"（环境变量 \1）",
    r"('.*?') is not one of (.*)\.$": r"\1 不在 \2 之中。",
    r"Choose from:": "可选：",
    r"Input should be a valid integer, unable to parse string as an integer$": "不是整数。",
    r"Input should be greater than or equal to (\S+)$": r"不能小于 \1。",
    r"Input should be less than or equal to (\S+)$": r"不能大于 \1。",
}

# Headings and the names of fields.
WORDS = chinese_features.WORDS | {
    "accepted": "入库",
    "address": "地址",
    "admin key in": "管理密钥文件",
    "API": "接口文档",
    "at": "位置",
    "audit_log": "审计日志",
    "back": "回访",
    "breakdown_1": "分组 1",
    "breakdown_2": "分组 2",
    "breakdown_3": "分组 3",
    "bucket": "时段",
    "changed": "变更数",
    "column": "列",
    "conversion": "转化率",
    "count": "次数",
    "created": "创建时间",
    "created_at": "创建时间",
    "curve": "走势",
    "currency": "货币",
    "data directory": "数据目录",
    "codes": "验证码",
    "description": "说明",
    "disabled": "停用时间",
    "disabled_at": "停用时间",
    "e-mail": "邮箱",
    "email": "邮箱",
    "description_en": "英文说明",
    "description_zh": "中文说明",
    "detail": "详情",
    "distinct_ids": "标识",
    "events": "事件",
    "event": "事件",
    "examples": "示例",
    "expires_at": "失效时间",
    "file": "文件",
    "first_at": "首次",
    "first seen": "首次出现",
    "first_seen": "首次出现",
    "first_weekday": "一周起始日",
    "from_id": "被并入标识",
    "id": "标识",
    "identity_links": "身份关联",
    "ids": "标识",
    "key": "密钥",
    "item_id": "标识",
    "kind": "类型",
    "known already": "已存在",
    "instance_owner": "全局负责人",
    "last_at": "最近",
    "last log-in": "最近登录",
    "link": "链接",
    "owns everything": "全局负责人",
    "role": "角色",
    "totp_enabled": "验证码",
    "last seen": "最近出现",
    "last_seen": "最近出现",
    "last_used_at": "最近使用",
    "link_id": "关联编号",
    "mode": "模式",
    "name": "名称",
    "owner": "负责人",
    "path": "位置",
    "payload": "原始内容",
    "people": "人数",
    "person": "用户",
    "person_id": "用户编号",
    "profiles": "用户资料",
    "project": "项目",
    "project_id": "项目",
    "projects": "项目",
    "properties": "属性",
    "property": "属性",
    "quarantine": "隔离",
    "reason": "原因",
    "received": "接收时间",
    "required": "必填",
    "revoked": "吊销时间",
    "revoked_at": "吊销时间",
    "raw": "原始内容",
    "received_at": "接收时间",
    "protocol": "协议",
    "rows": "行数",
    "rows/s": "行/秒",
    "scopes": "权限",
    "secret": "密钥",
    "secret_ending": "密钥末尾",
    "seen": "出现情况",
    "session_gap_seconds": "会话间隔（秒）",
    "size": "人数",
    "skipped": "跳过",
    "source": "数据源",
    "source_id": "数据源标识",
    "sources": "数据源",
    "status": "状态",
    "stored": "入库",
    "times": "出现次数",
    "started": "开始时间",
    "state": "状态",
    "profile_changes": "用户属性变更",
    "links": "ID 关联",
    "quarantined": "隔离",
    "resumed_from": "断点之前",
    "duplicates": "重复",
    "rejected": "隔离",
    "seconds": "秒",
    "taken for": "识别为",
    "time": "时间",
    "time zone": "时区",
    "time_zone": "时区",
    "to_id": "保留标识",
    "total": "合计",
    "type": "类型",
    "used": "最近使用",
    "value": "值",
    "unknown_events": "未规划的事件",
    "unknown_properties": "未规划的属性",
    "values": "数值",
    "where": "位置",
    "why": "依据",
    "write key": "写入密钥",
    "write_key": "写入密钥",
}
