"""Answers of boards that are there before somebody asks, and how long an answer stays the same."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from bihuan.analytics import Query
from bihuan.analytics.registry import query_adapter
from bihuan.insights.clock import moment_of
from bihuan.insights.dashboards.warming import BoardWarmer
from tests.insights.shop import ORDERED, send
from tests.insights.test_dashboards import board, insight, results, tile, totals, trend
from tests.server.running import Running

NOON_MS = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
MINUTE_MS = 60_000


def is_kept(server: Running, query: dict[str, Any]) -> bool:
    answer = server.api.post(server.path("/query"), json=query)
    assert answer.status_code == 200, answer.text
    return answer.headers["x-bihuan-cache"] == "hit"


def happen(server: Running, event: str, name: str) -> None:
    now = datetime.now(UTC).isoformat()
    send(
        server,
        [{"type": "track", "userId": "ann", "event": event, "timestamp": now, "messageId": f"w-{name}"}],
    )


def test_a_board_that_was_opened_is_asked_again_when_rows_came(server: Running) -> None:
    warmer, asked = server.installation.boards, trend(ORDERED)
    made = board(server, tiles=[tile(insight(server, asked)), tile("# Notes", is_text=True, y=4)])
    before = totals(server, made)[0]
    assert before is not None
    assert warmer.warm() == 0, "what is kept is not asked again"
    happen(server, ORDERED, "opened")
    assert warmer.warm() >= 1
    assert is_kept(server, asked)
    assert totals(server, made) == [before + 1]


def test_boards_that_nobody_opened_are_asked_once_at_the_start(server: Running) -> None:
    asked = trend("Refund")
    board(server, tiles=[tile(insight(server, asked))])
    installation = server.installation
    happen(server, "Refund", "start")
    warmer = BoardWarmer(installation.database, installation.queries, installation._row_and_store)
    assert warmer.warm() == 0
    assert warmer.warm_first() >= 1
    assert is_kept(server, asked)


def test_a_question_under_way_does_not_hold_up_the_end(server: Running) -> None:
    installation = server.installation
    board(server, tiles=[tile(insight(server, trend(f"Nothing {number}"))) for number in range(3)])
    warmer = BoardWarmer(installation.database, installation.queries, installation._row_and_store)
    warmer.start()
    started = time.monotonic()
    warmer.stop()
    assert time.monotonic() - started < 30, "it would rest for a minute"
    warmer.stop()


def test_a_board_that_is_gone_holds_nothing_up(server: Running) -> None:
    asked = trend("Parcel Sent")
    gone, kept = (board(server, tiles=[tile(insight(server, trend(each)))]) for each in ("A", "B"))
    last = board(server, tiles=[tile(insight(server, asked))])
    for each in (gone, kept, last):
        results(server, each)
    server.api.delete(server.path(f"/dashboards/{gone['id']}"))
    happen(server, "Parcel Sent", "gone")
    assert server.installation.boards.warm() >= 2
    assert is_kept(server, asked)


def test_who_asks_the_same_at_once_is_answered_once(server: Running) -> None:
    installation, project = server.installation, server.project
    query: Query = query_adapter().validate_python(
        {"kind": "retention", "period": {"kind": "last", "count": 7}, "start": {"events": []}}
    )
    gate, kept = threading.Barrier(6), []

    def ask() -> None:
        gate.wait()
        answer = installation.queries.answer(project.row, project.store, query)
        kept.append((answer.cached, answer.body))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({body for _, body in kept}) == 1
    assert [cached for cached, _ in kept].count(False) == 1


def moment(query: dict[str, Any], *, minutes: int = 0, zone: str = "Asia/Shanghai") -> str:
    return moment_of(query_adapter().validate_python(query), NOON_MS + minutes * MINUTE_MS, zone)


def recently(scope: str) -> dict[str, Any]:
    return {
        "type": "recency",
        "property": {"scope": scope, "name": "seen"},
        "operator": "in_last",
        "count": 1,
        "unit": "hour",
    }


def test_an_answer_about_days_is_the_same_until_the_projects_day_ends() -> None:
    query = trend(ORDERED)
    assert moment(query) == moment(query, minutes=239)
    assert moment(query) != moment(query, minutes=240), "midnight in Shanghai"
    assert moment(query, zone="UTC") == moment(query, minutes=240, zone="UTC")


@pytest.mark.parametrize(
    ("more", "same", "other"),
    [
        ({"interval": "hour"}, 14, 15),
        ({"filter": recently("person")}, 0, 1),
        ({"filter": {"type": "group", "op": "or", "items": [recently("event")]}}, 0, 1),
        ({"breakdowns": [{"property": {"scope": "audience", "name": "a1"}}]}, 0, 1),
        ({"filter": {"type": "presence", "property": {"name": "plan"}, "operator": "exists"}}, 239, 240),
    ],
)
def test_what_asks_the_clock_or_more_than_rows_is_the_same_for_less_long(
    more: dict[str, Any], same: int, other: int
) -> None:
    query = {**trend(ORDERED), **more}
    assert moment(query) == moment(query, minutes=same)
    assert moment(query) != moment(query, minutes=other)
