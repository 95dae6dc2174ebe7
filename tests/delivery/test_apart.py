"""A process of its own sends: what it had is known or uncertain, and it outlives nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop

from bihuan.delivery import Limits, Mail, Outgoing, Result, Sent, Uncertain
from bihuan.delivery.apart import OtherProcess, Switching
from tests.delivery.servers.smtp import PASSWORD, Mailboxes, mail_server
from tests.waiting import wait_until

SECRETS = {"passwords": {"127.0.0.1": PASSWORD}}
MODULE = "bihuan.delivery.apart"


@pytest.fixture
def boxes() -> Iterator[Mailboxes]:
    with mail_server(user="mailer") as found:
        yield found


def settings_of(port: int) -> dict[str, Any]:
    server = {"host": "127.0.0.1", "port": port, "security": "none", "username": "mailer"}
    return {"servers": [server], "sender": "Shop <news@shop.example>"}


def mail(place: int, address: str = "") -> Outgoing:
    return Outgoing(f"m-{place}", address or f"p{place}@example.com", Mail("Words", "<p>Words</p>", "Words"))


def of(parent: int) -> list[int]:
    """The processes that send for a process."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            status = (directory / "stat").read_text().rpartition(")")[2].split()
            command = (directory / "cmdline").read_bytes()
        except OSError:
            continue
        if int(status[1]) == parent and MODULE.encode() in command:
            assert PASSWORD.encode() not in command
            found.append(int(directory.name))
    return found


def test_a_mailing_is_handed_over_and_nobody_gets_two(boxes: Mailboxes) -> None:
    """As the outbox has it: in a thread with a loop of its own."""
    seen: list[tuple[list[Result], int]] = []

    async def send() -> None:
        channel = Switching("smtp", settings_of(boxes.port), SECRETS, much=60, rest_seconds=0.3)
        place = 0
        while len(seen) < 12 or boxes.logins <= channel.limits.connections:
            shares = [[mail(place + each) for each in range(start, start + 20)] for start in (0, 20)]
            results = await asyncio.gather(*(channel.send(share) for share in shares))
            seen.append(([each for share in results for each in share], len(of(os.getpid()))))
            place += 40
            assert place < 100_000
        assert seen[-1][1] == 1
        while of(os.getpid()):
            await asyncio.sleep(0.05)
        (result,) = await channel.send([mail(place)])
        assert isinstance(result, Sent)
        assert not of(os.getpid()), "one message is no mailing"
        await channel.close()

    thread = threading.Thread(target=lambda: uvloop.run(send()))
    thread.start()
    thread.join(120)
    assert not thread.is_alive()
    results = [each for several, _ in seen for each in several]
    assert all(isinstance(each, Sent) for each in results)
    assert seen[0][1] == 0
    assert Counter(address for _, address, _ in boxes.taken) == {
        f"p{place}@example.com": 1 for place in range(len(results) + 1)
    }
    wait_until(lambda: boxes.open == 0)


def test_what_it_had_when_it_died_is_uncertain_and_the_next_one_sends(boxes: Mailboxes) -> None:
    async def run() -> None:
        channel = OtherProcess("smtp", settings_of(boxes.port), SECRETS, Limits(0, 32, 4))
        (first,) = await channel.send([mail(1)])
        assert isinstance(first, Sent)
        under_way = asyncio.create_task(channel.send([mail(2, "silent@example.com")]))
        await asyncio.sleep(0.3)
        (pid,) = of(os.getpid())
        os.kill(pid, signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert not under_way.done(), "it ends when it is told by a pipe, not by a signal for everybody"
        os.kill(pid, signal.SIGKILL)
        (lost,) = await under_way
        assert isinstance(lost, Uncertain)
        (next_one,) = await channel.send([mail(3)])
        assert isinstance(next_one, Sent)
        await channel.close()

    asyncio.run(run())
    assert [address for _, address, _ in boxes.taken] == ["p1@example.com", "p3@example.com"]
    assert not of(os.getpid())


OWNER = """
import asyncio, sys
from bihuan.delivery import Limits
from bihuan.delivery.apart import OtherProcess
from tests.delivery.test_apart import SECRETS, mail, settings_of

async def run():
    channel = OtherProcess("smtp", settings_of(int(sys.argv[1])), SECRETS, Limits(0, 32, 4))
    await channel.begin()
    print("begun", flush=True)
    print(await channel.send([mail(2, "silent@example.com")]), flush=True)

asyncio.run(run())
"""


def test_it_ends_with_the_process_that_it_works_for(boxes: Mailboxes) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(boxes.port)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"begun\n"
        (pid,) = of(owner.pid)
        wait_until(lambda: boxes.open == 1)
        assert owner.poll() is None, "nothing is under way any more"
    finally:
        owner.kill()
        owner.wait()
    wait_until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_answer_that_nobody_waits_for_any_more_costs_no_other(boxes: Mailboxes) -> None:
    async def run() -> None:
        channel = OtherProcess("smtp", settings_of(boxes.port), SECRETS, Limits(0, 32, 4))
        assert await channel.begin()
        given_up = asyncio.create_task(channel.send([mail(1)]))
        await asyncio.sleep(0)
        given_up.cancel()
        async with asyncio.timeout(30):
            for place in (2, 3):
                (result,) = await channel.send([mail(place)])
                assert isinstance(result, Sent)
        await channel.close()

    asyncio.run(run())
    assert len(boxes.taken) >= 2
