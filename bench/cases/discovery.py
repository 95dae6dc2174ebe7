"""Every case: those of each module of this package that has ``CASES``."""

from __future__ import annotations

import importlib
import pkgutil

import bench.cases
from bench.cases.case import Case
from bench.stores import Stores


def all_cases(stores: Stores) -> list[Case]:
    """The cases on these stores, in the modules' order of ``PLACE``."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.iter_modules(bench.cases.__path__, "bench.cases.")
    ]
    with_cases = sorted((m for m in modules if hasattr(m, "CASES")), key=lambda m: m.PLACE)
    return [make(stores) for module in with_cases for make in module.CASES]
