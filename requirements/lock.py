"""Write requirements/*.lock: exact versions with hashes for Python 3.11 to 3.13, naming no host.

Needs ``uv`` (``pip install uv``); run as ``make lock``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"dev.lock": ["demo", "dev"], "demo.lock": ["demo"]}
"""In order: what only runs takes the versions that are tested."""


def main() -> int:
    """Resolve each lock; the exit code of the resolver."""
    for name, extras in LOCKS.items():
        command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
        command += [word for extra in extras for word in ("--extra", extra)]
        command += ["--output-file", f"requirements/{name}", "--upgrade"]
        if name != "dev.lock":
            command += ["--constraints", "requirements/dev.lock"]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
