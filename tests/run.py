"""The test command: every check in turn, each with its time, stopping at none, failing if any failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("ruff", [str(BIN / "ruff"), "check", "src", "tests", "bench"]),
    ("format", [str(BIN / "ruff"), "format", "--check", "src", "tests", "bench"]),
    ("mypy", [str(BIN / "mypy")]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    ("ui", [sys.executable, "-m", "tests.ui.checks"]),
    (
        "pytest",
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            os.environ.get("BIHUAN_TEST_PROCESSES", "2"),
            "--dist",
            "loadfile",
            "--durations",
            "15",
        ],
    ),
)


def main() -> int:
    """Run the checks; 0 when all passed."""
    failed = []
    for name, command in CHECKS:
        started = time.monotonic()
        print(f"── {name}: {' '.join([Path(command[0]).name, *command[1:]])}", flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(
            f"── {name}: {'ok' if code == 0 else f'exit {code}'} in {time.monotonic() - started:.0f} s",
            flush=True,
        )
        if code != 0:
            failed.append(name)
    if failed:
        print("failed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
