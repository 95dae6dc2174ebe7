"""Collection protocols, found by looking: every module here with a ``PROTOCOL`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request

__all__ = ["CollectProtocol", "Outcome", "Reply", "Request", "all_protocols"]


@cache
def all_protocols() -> dict[str, CollectProtocol]:
    """Every protocol by its name, which is also its mount (``/in/<name>/``), in alphabetical order."""
    found: dict[str, CollectProtocol] = {}
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        protocol = getattr(module, "PROTOCOL", None)
        if isinstance(protocol, CollectProtocol):
            found[protocol.name] = protocol
    return found
