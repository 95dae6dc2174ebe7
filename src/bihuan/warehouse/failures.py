"""The engine's error codes as Bihuan errors."""

from __future__ import annotations

import re

from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from bihuan.kernel.errors import BihuanError
from bihuan.warehouse.errors import (
    EngineUnavailable,
    PatternRefused,
    QueryCancelled,
    QueryFailed,
    QueryMemoryLimit,
    QueryTimeLimit,
    RollupMovedOn,
)

_CODE = re.compile(r"Code: (\d+)")
_LIMIT = re.compile(r"maximum: ([\d.]+)(?: (ms|s))?")

TIMEOUT_EXCEEDED, TOO_SLOW = 159, 160
MEMORY_LIMIT_EXCEEDED = 241
QUERY_WAS_CANCELLED = 394
THROWN_IF = 395
CANNOT_COMPILE_REGEXP = 427
# Disk full, read only, too many parts, table being shut down, no such replica, network, keeper.
UNAVAILABLE = frozenset(
    {74, 75, 76, 198, 202, 209, 210, 225, 236, 242, 243, 244, 252, 279, 319, 425, 439, 473, 999}
)


def engine_code(failure: Exception) -> int | None:
    """The engine's error number, or None for a failure of the connection."""
    match = _CODE.search(str(failure))
    return int(match.group(1)) if match else None


def translate(failure: ClickHouseError) -> BihuanError:
    """The Bihuan error for a failure reported by the driver."""
    code, text = engine_code(failure), str(failure)
    if code in (TIMEOUT_EXCEEDED, TOO_SLOW):
        return QueryTimeLimit(limit_seconds=_limit_seconds(text))
    if code == MEMORY_LIMIT_EXCEEDED:
        return QueryMemoryLimit()
    if code == QUERY_WAS_CANCELLED:
        return QueryCancelled()
    if code == THROWN_IF:  # the rollups are the only ones that ask for it
        return RollupMovedOn()
    if code == CANNOT_COMPILE_REGEXP:
        return PatternRefused(reason=_first_line(text))
    if code in UNAVAILABLE or (code is None and isinstance(failure, OperationalError)):
        return EngineUnavailable(reason=_first_line(text))
    return QueryFailed(reason=_first_line(text))


def _limit_seconds(text: str) -> str:
    limit = _LIMIT.search(text)
    if limit is None:
        return "?"
    seconds = float(limit.group(1)) / (1000 if limit.group(2) == "ms" else 1)
    return f"{seconds:g}"


def _first_line(text: str) -> str:
    start = text.find("DB::Exception: ")
    line = (text[start + len("DB::Exception: ") :] if start >= 0 else text).splitlines()
    return line[0][:500] if line else ""
