"""How groups are cut from the queue."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bihuan.warehouse import Batch, WriteLimits
from bihuan.warehouse.writing.queue import RequestQueue
from bihuan.warehouse.writing.requests import Group, Request
from tests.warehouse.writing.samples import sample_row

# Far beyond what any test takes: who lingers for it never comes back.
FOREVER_SECONDS = 3_600.0
PATIENCE_SECONDS = 60


def request(first: int, rows: int = 1) -> Request:
    batch = Batch([sample_row(number) for number in range(first, first + rows)])
    return Request(batch, Future(), batch.row_count(), batch.size_bytes())


def taken(queue: RequestQueue) -> Group:
    """The next group, by a thread of its own as an inserter does."""
    with ThreadPoolExecutor(1) as pool:
        try:
            group = pool.submit(queue.take).result(PATIENCE_SECONDS)
        finally:
            queue.close()
    assert group is not None
    return group


def after_a_group_of(requests: int, linger_rows: int) -> RequestQueue:
    """A queue whose last group had so many requests: as many are expected next."""
    queue = RequestQueue(WriteLimits(linger_seconds=FOREVER_SECONDS, linger_rows=linger_rows))
    for number in range(requests):
        queue.put(request(number))
    group = queue.take()
    assert group is not None
    assert len(group.requests) == requests
    queue.finish(group)
    return queue


def test_enough_rows_are_not_kept_waiting_for_more_requests() -> None:
    queue = after_a_group_of(8, linger_rows=5)
    queue.put(request(100, rows=3))
    queue.put(request(200, rows=2))
    assert taken(queue).rows == 5


def test_as_many_requests_as_before_are_not_kept_waiting_for_more_rows() -> None:
    queue = after_a_group_of(8, linger_rows=1_000)
    for number in range(7):
        queue.put(request(100 + number))
    assert len(taken(queue).requests) == 7


def test_requests_that_wait_for_another_group_count_once_they_are_looked_at_again() -> None:
    queue = RequestQueue(WriteLimits(linger_seconds=FOREVER_SECONDS, linger_rows=3))
    queue.put(request(1))
    first = queue.take()
    assert first is not None
    again = request(0, rows=3)
    queue.put(again)
    queue.put(request(10))
    second = queue.take()  # the request that repeats an id of the first group is left to it
    assert second is not None
    assert first.followers == [again]
    queue.finish(first)
    queue.finish(second)
    assert taken(queue).requests == [again]


def test_a_second_inserter_begins_only_with_enough_rows() -> None:
    queue = RequestQueue(WriteLimits(linger_seconds=0, linger_rows=3))
    queue.put(request(1))
    first = queue.take()
    assert first is not None
    queue.put(request(10))
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(queue.take)
        with pytest.raises(TimeoutError):
            second.result(0.2)
        queue.put(request(20, rows=2))
        group = second.result(PATIENCE_SECONDS)
    assert group is not None
    assert group.rows == 3


def test_who_finishes_a_group_takes_the_few_rows_that_came_meanwhile() -> None:
    queue = RequestQueue(WriteLimits(linger_seconds=0, linger_rows=3))
    queue.put(request(1))
    first = queue.take()
    assert first is not None
    queue.put(request(10))
    queue.finish(first)
    assert taken(queue).rows == 1
