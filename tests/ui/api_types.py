"""The UI's types of the API as the server describes it: ``python -m tests.ui.api_types`` writes them."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bihuan.app import Installation
from bihuan.server.app import create_api
from bihuan.settings import Settings
from tests.ui.node import UI, install_packages, run_node

WORDS = frozenset({"description", "summary", "title", "example", "examples"})
TYPES = UI / "src" / "api" / "schema.d.ts"


def description(data: Path) -> dict[str, Any]:
    """What the pages use of the API: every route below ``/api`` with its good answers."""
    installation = Installation(Settings(data=data))
    try:
        whole: dict[str, Any] = create_api(installation).openapi()
    finally:
        installation.close()
    whole["paths"] = {path: routes for path, routes in whole["paths"].items() if path.startswith("/api/")}
    for routes in whole["paths"].values():
        for operation in routes.values():
            answers = operation["responses"]
            operation["responses"] = {status: answers[status] for status in answers if status[0] == "2"}
    bare: dict[str, Any] = without_words(whole)
    return bare


def without_words(value: Any) -> Any:
    """A description without what only people read; a field that has such a name is a schema, and stays."""
    if isinstance(value, list):
        return [without_words(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_words(each)
        for key, each in value.items()
        if not (key in WORDS and isinstance(each, str | list))
    }


def write_types(described: dict[str, Any], target: Path) -> None:
    """Write TypeScript types of a description."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(described, ensure_ascii=False, indent=1))
        code = run_node("node_modules/openapi-typescript/bin/cli.js", source, "-o", target)
    if code:
        raise RuntimeError(f"openapi-typescript ended with {code}")


def main() -> int:
    """Write the types of the API as it is, where the first argument says or where the UI has them."""
    install_packages()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TYPES
    with tempfile.TemporaryDirectory() as folder:
        write_types(description(Path(folder)), target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
