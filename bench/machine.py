"""What it was measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import bihuan

PACKAGES = ("chdb-core", "clickhouse-connect", "duckdb", "pyarrow", "msgspec", "uvicorn", "uvloop")


def facts() -> list[tuple[str, str]]:
    """Date, machine and versions, as pairs to print."""
    return [
        ("date", datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{_memory_bytes() / 2**30:.1f} GiB"),
        ("load before the start", " ".join(f"{figure:.2f}" for figure in os.getloadavg())),
        ("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"),
        ("bihuan", bihuan.__version__),
        *((package, version(package)) for package in PACKAGES),
    ]


def peak_memory_bytes(pid: int) -> int:
    """The most memory that a process has had resident so far."""
    return _kibibytes(Path(f"/proc/{pid}/status").read_text(), "VmHWM") << 10


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_bytes() -> int:
    return _kibibytes(Path("/proc/meminfo").read_text(), "MemTotal") << 10


def _kibibytes(text: str, name: str) -> int:
    line = next(line for line in text.splitlines() if line.startswith(name + ":"))
    return int(line.split()[1])
