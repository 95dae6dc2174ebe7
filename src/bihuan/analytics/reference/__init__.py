"""Plain Python definitions of every analysis, over lists of events. Slow, short, and the judge of the SQL."""

from bihuan.analytics.reference.filters import holds, selects
from bihuan.analytics.reference.log import EventLog, LogEvent, Properties
from bihuan.analytics.reference.reading import read_number, read_text, relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of

__all__ = [
    "EventLog",
    "LogEvent",
    "Properties",
    "all_buckets",
    "bucket_of",
    "holds",
    "read_number",
    "read_text",
    "relevant",
    "selects",
]
