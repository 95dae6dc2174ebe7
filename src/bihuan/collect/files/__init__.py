"""Importing files: readers of every usual format, mappings of columns to events, resumable import."""

from __future__ import annotations

from bihuan.collect.files.checkpoints import Checkpoint, CheckpointDirectory, CheckpointStore, Totals
from bihuan.collect.files.guess import ColumnGuess, Guess, guess, guess_file
from bihuan.collect.files.importer import ImportProgress, ImportResult, ImportSink, WriteResult, import_file
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.options import ReadOptions
from bihuan.collect.files.reader import FileReader, Sample
from bihuan.collect.files.routes import router
from bihuan.collect.files.service import Imports

__all__ = [
    "Checkpoint",
    "CheckpointDirectory",
    "CheckpointStore",
    "ColumnGuess",
    "FileReader",
    "Guess",
    "ImportProgress",
    "ImportResult",
    "ImportSink",
    "Imports",
    "Mapping",
    "ReadOptions",
    "Sample",
    "Totals",
    "WriteResult",
    "guess",
    "guess_file",
    "import_file",
    "router",
]
