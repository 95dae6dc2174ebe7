"""The test command: every check, each with its time, stopping at none, failing if any failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

Check = tuple[str, list[str]]

LINT: tuple[Check, ...] = (
    ("ruff", [str(BIN / "ruff"), "check", "src", "tests", "bench"]),
    ("format", [str(BIN / "ruff"), "format", "--check", "src", "tests", "bench"]),
    ("mypy", [str(BIN / "mypy")]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
)
UI: Check = ("ui", [sys.executable, "-m", "tests.ui.checks"])
PYTEST: Check = (
    "pytest",
    [
        sys.executable,
        "-m",
        "pytest",
        # More than processors, for browsers and servers often wait.
        "-n",
        os.environ.get("BIHUAN_TEST_PROCESSES", "3"),
        "--dist",
        "loadfile",
        # In the order of tests/conftest.py: what takes longest first, not what has the most tests.
        "--no-loadscope-reorder",
        "--durations",
        "60",
    ],
)
MEMORY = Path("/dev/shm")
# The tests write less than one; the rest is for whatever else the machine does.
MEMORY_GIGABYTES = 6


def main() -> int:
    """Run the checks; 0 when all passed."""
    with ThreadPoolExecutor(1) as beside:
        # Mypy uses one processor, npm mostly waits; pytest needs what npm installs.
        ui = beside.submit(run, UI, quiet=True)
        passed = {name: run((name, command)) for name, command in LINT}
        passed["ui"] = ui.result()
    # Tests start many processes, which may not be allowed to keep what they compile (as in the Makefile).
    subprocess.run([sys.executable, "-m", "compileall", "-qq", "-j", "0", "src"], cwd=ROOT, check=False)
    with directory_of_tests() as options:
        passed["pytest"] = run(PYTEST, options)
    failed = [name for name, is_well in passed.items() if not is_well]
    if failed:
        print("failed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


def run(check: Check, options: Sequence[str] = (), *, quiet: bool = False) -> bool:
    """Run one; whether it passed. A quiet one says everything at its end."""
    name, command = check[0], [*check[1], *options]
    started = time.monotonic()
    head = f"── {name}: {' '.join([Path(command[0]).name, *command[1:]])}"
    if quiet:
        done = subprocess.run(
            command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        print(f"{head}\n{done.stdout}", flush=True)
    else:
        print(head, flush=True)
        done = subprocess.run(command, cwd=ROOT, check=False, text=True)
    code, took = done.returncode, time.monotonic() - started
    print(f"── {name}: {'ok' if code == 0 else f'exit {code}'} in {took:.0f} s", flush=True)
    return code == 0


@contextmanager
def directory_of_tests() -> Iterator[list[str]]:
    """Where tests write: in memory where there is plenty, for every fsync of a disk is waited for.

    What a process that is killed leaves there is what it would leave on disk; losses of power are not tried.
    """
    if not _has_room():
        yield []
        return
    directory = tempfile.mkdtemp(prefix="bihuan-tests-", dir=MEMORY)
    try:
        yield ["--basetemp", f"{directory}/pytest"]
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _has_room() -> bool:
    try:
        free = shutil.disk_usage(MEMORY).free
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return False
    return os.access(MEMORY, os.W_OK) and min(free, available) > MEMORY_GIGABYTES << 30


if __name__ == "__main__":
    sys.exit(main())
