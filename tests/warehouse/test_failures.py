"""The engine's failures in words a caller can act on."""

from __future__ import annotations

import pytest

from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import Engine, QueryFailed, QueryMemoryLimit, QueryTimeLimit
from bihuan.warehouse.errors import PatternRefused

CASES: dict[str, tuple[str, dict[str, object], type[BihuanError], int]] = {
    "time": (
        "SELECT sleepEachRow(0.2) FROM numbers(100)",
        {"max_execution_time": 1, "max_block_size": 1},
        QueryTimeLimit,
        422,
    ),
    "memory": (
        "SELECT groupArray(number) FROM numbers(100000000)",
        {"max_memory_usage": 10_000_000},
        QueryMemoryLimit,
        422,
    ),
    "pattern": ("SELECT match(materialize('a'), 'a(?=b)')", {}, PatternRefused, 422),
    "defect": ("SELECT no_such_column", {}, QueryFailed, 500),
}


@pytest.mark.parametrize("name", CASES)
def test_a_failure_becomes_the_error_that_says_what_to_do(name: str, engine: Engine) -> None:
    sql, settings, error, status = CASES[name]
    with pytest.raises(error) as caught:
        engine.rows(sql, settings=settings)
    assert caught.value.status == status
    assert caught.value.message("en") != caught.value.message("zh")


def test_the_time_limit_is_said_in_seconds(engine: Engine) -> None:
    sql, settings, _, _ = CASES["time"]
    with pytest.raises(QueryTimeLimit) as caught:
        engine.rows(sql, settings=settings)
    assert caught.value.params == {"limit_seconds": "1"}
