"""Types, lint and unit tests of the web UI: ``python -m tests.ui.checks``."""

from __future__ import annotations

import sys

from tests.ui.node import install_packages, run_node

CHECKS = (
    ("types", ["node_modules/typescript/bin/tsc", "--noEmit"]),
    ("lint", ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "src", "sdk"]),
    ("tests", ["node_modules/vitest/vitest.mjs", "run"]),
)


def main() -> int:
    """Run them all; 0 when all passed."""
    if install_packages():
        print("the UI's packages cannot be installed", flush=True)
        return 1
    failed = [name for name, arguments in CHECKS if run_node(*arguments)]
    if failed:
        print("ui failed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
