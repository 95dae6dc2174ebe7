"""Bihuan 闭环: one self-hosted system for operating internet products, on one event log."""

__version__: str
__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(name)
    # Here, because reading it takes longer than a page of help.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("bihuan")
    except PackageNotFoundError:  # running from a source tree that was not installed
        return "0.0.0"
