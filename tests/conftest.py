"""Fixtures that several packages' tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from bihuan.access.sessions import passwords
from bihuan.kernel.garbage import look_seldom
from bihuan.warehouse.engine import Engine

# A test never fails for being slow: machines are noisy. In CI a commit's verdict is the same whenever it is
# asked for; whoever develops gets new examples in each run.
settings.register_profile("bihuan", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("bihuan")
look_seldom()

# Files that take a minute or more begin first, so that no process ends long after the others.
LONGEST = (
    "tests/bench/test_bench.py",
    "tests/ui/test_pages.py",
    "tests/server/test_openapi.py",
    "tests/analytics/test_sequences.py",
    "tests/analytics/test_people_by_day.py",
    "tests/cli/test_backup.py",
    "tests/access/test_every_route.py",
    "tests/server/test_kill.py",
)
ROOT = Path(__file__).resolve().parent.parent
# Processes of pytest-xdist report to one that says everything.
IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if IN_WORKER:
    # Until all modules are there; the one that says everything has none.
    gc.disable()
# What Playwright found on the page follows after these.
MESSAGE_LINES = 12


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others mixed: browsers, which wait, beside what computes."""
    places = {ROOT / file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: (places.get(item.path, len(LONGEST)), crc32(item.path.name.encode())))
    # Modules and tests are there until the end: nothing of them is garbage.
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """What was there until the end may go: extensions say what they were not given back."""
    gc.unfreeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Say at once where and why a test failed: in the log of a long run its end may be far away."""
    if not report.failed or IN_WORKER:
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    entries = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", [])
    places = [str(each.reprfileloc).strip() for each in entries if getattr(each, "reprfileloc", None)]
    why = "\n".join(crash.message.split("\n")[:MESSAGE_LINES]) if crash else str(report.longrepr)[:2000]
    mine = [place for place in places if place.startswith("tests")]
    print(f"\n{report.when} of {report.nodeid} failed, by {' < '.join(reversed(mine))}\n{why}", flush=True)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[PasswordHasher]:
    """Hashes of passwords cost a thousandth in this process; yields the hasher of the product."""
    patch = pytest.MonkeyPatch()
    product = passwords._hasher
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield product
    patch.undo()


@pytest.fixture
def real_passwords(quick_passwords: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """For tests of what hashes cost: the product's own hasher."""
    monkeypatch.setattr(passwords, "_hasher", quick_passwords)
    monkeypatch.setattr(passwords, "_nobody", [])
    return quick_passwords


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine in a directory of its own: one for each test process."""
    opened = Engine(f"chdb://{tmp_path_factory.mktemp('engine')}/data")
    yield opened
    opened.close()
