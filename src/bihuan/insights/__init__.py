"""Asking, and what is kept of it.

Queries with cache, limits, cancellation and the people behind every number; export; saved insights,
dashboards, metrics, annotations; live events.
"""

from bihuan.insights.columns import contains
from bihuan.insights.dashboards.warming import BoardWarmer
from bihuan.insights.export import persons_sql, table_of_statement
from bihuan.insights.export_routes import router as export_router
from bihuan.insights.live import LiveEvents
from bihuan.insights.paging import newest_first
from bihuan.insights.rollups import RolledUp, roll_up
from bihuan.insights.routers import router
from bihuan.insights.routes import selection_of
from bihuan.insights.schemas import PeopleQuestion, PersonBehind
from bihuan.insights.service import QueryLimits, QueryService, context
from bihuan.insights.sharing import PublicPages
from bihuan.insights.table_files import (
    TABLE_FILE,
    Format,
    ForSpreadsheets,
    Properties,
    table_file,
    table_options,
)
from bihuan.insights.wire import Author, Cursor, Identifier, Input, Limit, Name, Search, Words, author_of

__all__ = [
    "TABLE_FILE",
    "Author",
    "BoardWarmer",
    "Cursor",
    "ForSpreadsheets",
    "Format",
    "Identifier",
    "Input",
    "Limit",
    "LiveEvents",
    "Name",
    "PeopleQuestion",
    "PersonBehind",
    "Properties",
    "PublicPages",
    "QueryLimits",
    "QueryService",
    "RolledUp",
    "Search",
    "Words",
    "author_of",
    "contains",
    "context",
    "export_router",
    "newest_first",
    "persons_sql",
    "roll_up",
    "router",
    "selection_of",
    "table_file",
    "table_of_statement",
    "table_options",
]
