"""The event log: the engine, each project's tables, and the way in."""

from bihuan.warehouse import sql
from bihuan.warehouse.deletion import delete_rows
from bihuan.warehouse.engine import Engine, without_password
from bihuan.warehouse.errors import (
    EngineDsnInvalid,
    EngineUnavailable,
    QueryCancelled,
    QueryFailed,
    QueryMemoryLimit,
    QueryTimeLimit,
    RollupMovedOn,
)
from bihuan.warehouse.project import ProjectStore, database_name, drop_project, open_project, project_store
from bihuan.warehouse.settling import Settled, arrived_rows, settle, unsettled
from bihuan.warehouse.writing import (
    Batch,
    EventRow,
    GroupWriter,
    RowRejected,
    WriteLimits,
    WriteOutcome,
    encode_properties,
    event_row,
    sweep_duplicates,
)

__all__ = [
    "Batch",
    "Engine",
    "EngineDsnInvalid",
    "EngineUnavailable",
    "EventRow",
    "GroupWriter",
    "ProjectStore",
    "QueryCancelled",
    "QueryFailed",
    "QueryMemoryLimit",
    "QueryTimeLimit",
    "RollupMovedOn",
    "RowRejected",
    "Settled",
    "WriteLimits",
    "WriteOutcome",
    "arrived_rows",
    "database_name",
    "delete_rows",
    "drop_project",
    "encode_properties",
    "event_row",
    "open_project",
    "project_store",
    "settle",
    "sql",
    "sweep_duplicates",
    "unsettled",
    "without_password",
]
