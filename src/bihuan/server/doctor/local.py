"""Checks of the machine, which need no running server."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import bihuan
from bihuan.kernel.errors import Language
from bihuan.server.doctor.checks import Check, Findings
from bihuan.settings import Settings

SPACE_FAIL_BYTES = 512 << 20
SPACE_WARN_BYTES = 5 << 30
# A spinning disk needs about 20 ms; beyond this every request that stores something is slow.
FSYNC_WARN_MS = 50.0
_FSYNC_TRIES = 5
_PACKAGES = ("chdb-core", "clickhouse-connect", "sqlalchemy", "dbos", "pyarrow")
# No clock is right that shows a time before this version was written.
_EARLIEST_SECONDS = 1_790_000_000


def local_checks(settings: Settings, language: Language) -> list[Check]:
    """Versions, settings (without secrets), disk space, write latency and the clock."""
    findings = Findings(language)
    packages = " ".join(f"{name} {version(name)}" for name in _PACKAGES)
    findings.ok("versions", f"bihuan {bihuan.__version__}, Python {platform.python_version()}, {packages}")
    findings.ok("settings", " ".join(f"{name}={value}" for name, value in settings.shown().items()))
    folder = _existing(settings.data)
    _space(findings, folder)
    _latency(findings, folder)
    _clock(findings)
    return findings.checks


def _existing(directory: Path) -> Path:
    directory = directory.resolve()
    return next(folder for folder in (directory, *directory.parents) if folder.is_dir())


def _space(findings: Findings, folder: Path) -> None:
    usage = shutil.disk_usage(folder)
    detail = findings.say(
        f"{_gib(usage.free)} free of {_gib(usage.total)} at {folder}",
        f"{folder} 剩余 {_gib(usage.free)}，共 {_gib(usage.total)}",
    )
    if usage.free > SPACE_WARN_BYTES:
        findings.ok("disk_space", detail)
        return
    findings.bad(
        "disk_space",
        "fail" if usage.free < SPACE_FAIL_BYTES else "warn",
        detail,
        "Free some space or move the data directory to a larger disk; merging parts needs room too.",
        "请释放空间，或将数据目录迁移到更大的磁盘；数据合并也需要额外空间。",
    )


def _latency(findings: Findings, folder: Path) -> None:
    try:
        taken = sorted(_write_ms(folder) for _ in range(_FSYNC_TRIES))
    except OSError as error:
        findings.bad(
            "disk_write",
            "fail",
            str(error),
            "The account that runs Bihuan must be able to write to the data directory.",
            "运行闭环的系统账号必须拥有数据目录的写权限。",
        )
        return
    median = taken[_FSYNC_TRIES // 2]
    detail = findings.say(f"write and fsync {median:.1f} ms", f"写入并落盘 {median:.1f} 毫秒")
    if median <= FSYNC_WARN_MS:
        findings.ok("disk_write", detail)
        return
    findings.bad(
        "disk_write",
        "warn",
        detail,
        "Use a faster disk, or durability=process if losing the last moments at a power cut is acceptable.",
        "请使用更快的磁盘；若可接受断电时丢失最后片刻的数据，可设置 durability=process。",
    )


def _write_ms(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        started = time.perf_counter()
        file.write(b"\0" * 4096)
        file.flush()
        os.fsync(file.fileno())
        return (time.perf_counter() - started) * 1000


def _clock(findings: Findings) -> None:
    now = time.time()
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if now > _EARLIEST_SECONDS:
        findings.ok("clock", shown)
        return
    findings.bad(
        "clock",
        "fail",
        shown,
        "Set the machine's clock and keep it with NTP: events would be refused or dated wrongly.",
        "请校准系统时间并启用 NTP，否则事件会被拒绝或时间错误。",
    )


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 30):.1f} GiB"
