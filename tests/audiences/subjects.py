"""Waiting for refreshes."""

from __future__ import annotations

import time
from typing import Any

from tests.server.running import Running

SECONDS = 30


def refreshed(server: Running, kind: str, subject_id: str, version: int | None = None) -> dict[str, Any]:
    """The audience or tag once a refresh of its version (the one it has, if not given) has ended."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        row = server.api.get(server.path(f"/{kind}/{subject_id}")).raise_for_status().json()
        runs = server.api.get(server.path(f"/subjects/{subject_id}/runs")).raise_for_status().json()["items"]
        if runs and runs[0]["version"] == (version or row["version"]):
            return dict(server.api.get(server.path(f"/{kind}/{subject_id}")).raise_for_status().json())
        time.sleep(0.1)
    raise AssertionError(f"{kind} {subject_id} was not refreshed within {SECONDS} s")


def again(server: Running, kind: str, subject_id: str) -> dict[str, Any]:
    """The audience or tag after one more refresh."""
    path = server.path(f"/subjects/{subject_id}/runs")
    before = len(server.api.get(path).json()["items"])
    server.api.post(server.path(f"/subjects/{subject_id}/refresh")).raise_for_status()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if len(server.api.get(path).json()["items"]) > before:
            return dict(server.api.get(server.path(f"/{kind}/{subject_id}")).raise_for_status().json())
        time.sleep(0.1)
    raise AssertionError(f"{subject_id} was not refreshed within {SECONDS} s")


def finished(server: Running, job_id: str) -> dict[str, Any]:
    """A job once it has succeeded."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        job = dict(server.api.get(server.path(f"/jobs/{job_id}")).raise_for_status().json())
        if job["state"] not in ("queued", "running"):
            assert job["state"] == "succeeded", job
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job did not end within {SECONDS} s")
