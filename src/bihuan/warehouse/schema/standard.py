"""The typed paths of the ``properties`` column.

Declared paths are read 20–25 % faster than undeclared ones and keep their type whatever is sent;
collection coerces standard properties to these types before they reach the engine.
"""

from __future__ import annotations

from bihuan.kernel.vocabulary import STANDARD, StandardType
from bihuan.warehouse.sql import json_path

ENGINE_TYPES: dict[StandardType, str] = {
    "text": "Nullable(String)",
    "category": "LowCardinality(Nullable(String))",
    "number": "Nullable(Float64)",
    "flag": "Nullable(Bool)",
}
# Paths beyond this share one column, which is slower to read; an event log rarely has so many.
MAX_DYNAMIC_PATHS = 512


def properties_type() -> str:
    """The engine type of ``events.properties`` and ``profiles.properties``."""
    typed = ", ".join(f"{json_path(name)} {ENGINE_TYPES[kind]}" for name, kind in STANDARD.items())
    return f"JSON(max_dynamic_paths={MAX_DYNAMIC_PATHS}, {typed})"
