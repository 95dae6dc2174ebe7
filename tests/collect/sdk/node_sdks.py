"""The Node SDKs, installed once into a temporary directory; tests that need them skip where npm is absent."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_SCRIPTS = Path(__file__).parent / "node"
_INSTALL_SECONDS = 120
_RUN_SECONDS = 60


@cache
def _installed() -> Path | str:
    """The directory with ``node_modules``, or why there is none."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return "the SDK exists for Node only, and node or npm is not on this machine"
    package = (_SCRIPTS / "package.json").read_bytes()
    target = Path(tempfile.gettempdir()) / f"bihuan-node-sdks-{hashlib.sha256(package).hexdigest()[:16]}"
    if not (target / "node_modules").is_dir():
        # Installed beside and moved, so that test processes at the same time do not see half of it.
        fresh = Path(tempfile.mkdtemp(prefix="bihuan-node-sdks-"))
        (fresh / "package.json").write_bytes(package)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            subprocess.run(command, cwd=fresh, check=True, capture_output=True, timeout=_INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return "npm could not install the Node SDKs (no registry in reach?)"
        if not target.exists():
            fresh.rename(target)
    return target


def run_node(script: str, *arguments: str) -> None:
    """Run ``node/<script>`` with the SDKs; skips the test where that is not possible, fails if it fails."""
    installed = _installed()
    if isinstance(installed, str):
        pytest.skip(installed)
    copy = installed / script
    copy.write_bytes((_SCRIPTS / script).read_bytes())
    run = subprocess.run(
        ["node", str(copy), *arguments], capture_output=True, text=True, timeout=_RUN_SECONDS, check=False
    )
    assert run.returncode == 0, f"{script} failed:\n{run.stdout}\n{run.stderr}"
