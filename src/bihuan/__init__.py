"""Bihuan 闭环: one self-hosted system for operating internet products, on one event log."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("bihuan")
except PackageNotFoundError:  # running from a source tree that was not installed
    __version__ = "0.0.0"

__all__ = ["__version__"]
