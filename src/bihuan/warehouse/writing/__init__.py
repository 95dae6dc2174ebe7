"""The write path of the event log: checked rows, group commit, exact de-duplication."""

from bihuan.warehouse.writing.duplicates import sweep_duplicates
from bihuan.warehouse.writing.properties import encode_properties
from bihuan.warehouse.writing.queue import WriteLimits
from bihuan.warehouse.writing.rejections import RowRejected
from bihuan.warehouse.writing.rows import Batch, EventRow, WriteOutcome, event_row
from bihuan.warehouse.writing.writer import GroupWriter

__all__ = [
    "Batch",
    "EventRow",
    "GroupWriter",
    "RowRejected",
    "WriteLimits",
    "WriteOutcome",
    "encode_properties",
    "event_row",
    "sweep_duplicates",
]
