"""The command line: everything an operator does without a browser."""

from bihuan.cli.application import main

__all__ = ["main"]
