"""Tags by a member's own SELECT: it reads two views of the project's rows, and nothing else."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from bihuan.analytics import ProjectContext
from bihuan.analytics.query import Value
from bihuan.analytics.sql import EventsSource
from bihuan.audiences.tags.errors import SqlRefused
from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import ProjectStore

Sql = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00]*$")]

VIEWS = ("events", "people")
CHECK_SECONDS = 10.0
# What a member's SQL may use at a refresh.
LIMITS: dict[str, Any] = {"max_execution_time": 60.0, "max_memory_usage": 4 << 30}
# Functions that reach beyond the rows: files, other servers, the server's own state, waiting.
_REFUSED_FUNCTION = re.compile(
    r"^(file|url|s3|hdfs|azure|remote|cluster|executable|dict|joinget|sleep|getsetting|getmacro|getserver"
    r"|getmergetree|getos|getclient|hostname|fqdn|tcpport|currentuser|user$|currentdatabase|database$"
    r"|schema$|current_|currentroles|defaultroles|enabledroles|filesystem|catboost|evalml|addressto|demangle"
    r"|shardnum|shardcount|zookeeper|logtrace|serveruuid|query_?id|initialquery|connection_?id|transaction"
    r"|hascolumnintable|uptime|version$|buildid|tid$|globalvariable|mongo|mysql|postgres|sqlite|jdbc|odbc"
    r"|input$|merge$|numbers|zeros|generate|ai[a-z]|showcertificate|isconstant|throwif)",
    re.IGNORECASE,
)
_TABLE_FUNCTION = re.compile(r"TABLE_FUNCTION id: \d+, .*table_function_name: (\w+)")
_TABLE = re.compile(r"TABLE id: \d+, .*?table_name: (\S+?)(?:,|$)")


class SqlTag(Value):
    """The value of each person that a SELECT of ``person`` and ``value`` finds.

    It reads ``events`` (person, event, time, distinct_id, session_id, source, properties) and ``people``
    (person, first_seen, properties). Of several rows of a person the greatest value counts.
    """

    kind: Literal["sql"] = "sql"
    sql: Sql


def values_sql(ctx: ProjectContext, tag: SqlTag, *, among: str | None = None) -> str:
    """SELECT of ``person, value``."""
    few = "" if among is None else f" AND person IN ({among})"
    return (
        f"WITH events AS (\n{_events_sql(ctx)}\n), people AS (\n{_people_sql(ctx)}\n)\n"
        "SELECT person, max(text) AS value FROM (\n"
        "SELECT toUInt64(person) AS person, ifNull(toString(value), '') AS text FROM (\n"
        f"{tag.sql}\n)\n) WHERE text != ''{few} GROUP BY person"
    )


def check(store: ProjectStore, ctx: ProjectContext, tag: SqlTag, path: str) -> None:
    """Raise ``SqlRefused`` unless it is one SELECT that reads the two views only."""
    inner = f"SELECT person, value FROM (\n{tag.sql}\n)"
    for sql in (tag.sql, inner):
        _check_syntax(_explained(store, "AST", sql, path), path)
    tree = _explained(store, "QUERY TREE", values_sql(ctx, tag), path)
    allowed = {store.table(name).replace("`", "") for name in ("events", "profiles", "identity_overrides")}
    for line in tree:
        function = _TABLE_FUNCTION.search(line)
        if function is not None:
            raise _refused(f"it reads {function[1]}()", f"读取了 {function[1]}()", path)
        table = _TABLE.search(line)
        if table is not None and table[1].replace("`", "") not in allowed:
            raise _refused(f"it reads {table[1]}", f"读取了 {table[1]}", path)


def _check_syntax(tree: list[str], path: str) -> None:
    """Before the engine looks at what is meant: that alone could read a file or ask another server."""
    if not tree or not tree[0].startswith("SelectWithUnionQuery"):
        raise _refused("it is not a SELECT", "不是 SELECT 语句", path)
    under_table = -1
    for line in tree:
        depth, node = len(line) - len(line.lstrip()), line.strip()
        if node.startswith("Set") and not node.startswith("Select"):
            raise _refused("it has SETTINGS", "包含 SETTINGS", path)
        if node.startswith("Function "):
            name = node.split()[1]
            if depth == under_table + 1 or _REFUSED_FUNCTION.match(name):
                raise _refused(f"it calls {name}()", f"调用了 {name}()", path)
        under_table = depth if node.startswith("TableExpression") else -2
        if node.startswith("TableIdentifier ") and "." in node.split()[1]:
            raise _refused(f"it reads {node.split()[1]}", f"读取了 {node.split()[1]}", path)


def _explained(store: ProjectStore, kind: str, sql: str, path: str) -> list[str]:
    # The embedded engine gets settings as a clause of the statement, which would be in its syntax tree.
    settings = None if kind == "AST" else {"max_execution_time": CHECK_SECONDS}
    try:
        return [str(row[0]) for row in store.engine.rows(f"EXPLAIN {kind} {sql}", settings=settings)]
    except BihuanError as error:
        reason = str(error.params.get("reason", error.message("en")))
        raise _refused(reason, reason, path) from error


def _refused(reason_en: str, reason_zh: str, path: str) -> SqlRefused:
    return SqlRefused(reason_en=reason_en, reason_zh=reason_zh, path=f"{path}.sql")


def _events_sql(ctx: ProjectContext) -> str:
    source = EventsSource(ctx).between(None, ctx.now_ms + 1)
    source.column("person", source.person)
    for name in ("event", "time", "distinct_id", "session_id", "source", "properties"):
        source.column(name, f"e.{name}")
    return source.sql()


def _people_sql(ctx: ProjectContext) -> str:
    return (
        "SELECT p.person_id AS person, p.first_seen AS first_seen, p.properties AS properties "
        f"FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"
    )
