"""What DBOS stores of a job, as JSON: readable in the database, and nothing in it is ever executed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from dbos import Serializer

from bihuan.jobs.errors import JobStepFailed

_ERROR = "$error"


class JsonSerializer(Serializer):
    """Arguments, results and errors as JSON.

    Datetimes become ISO text, tuples lists. An exception becomes its class and sentence, and is read back
    as :class:`JobStepFailed`.
    """

    def serialize(self, data: Any) -> str:
        """The JSON text of ``data``; TypeError when it holds anything else."""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)

    def deserialize(self, serialized_data: str) -> Any:
        """What :meth:`serialize` was given, as far as JSON can say it."""
        value = json.loads(serialized_data)
        if isinstance(value, dict) and value.keys() == {_ERROR}:
            return JobStepFailed(**value[_ERROR])
        return value

    def name(self) -> str:
        """The name DBOS writes beside each value."""
        return "bihuan_json"


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, JobStepFailed):
        return {_ERROR: value.params}
    if isinstance(value, BaseException):
        return {_ERROR: {"kind": type(value).__name__, "text": str(value)}}
    raise TypeError(f"a job's arguments and results must be JSON, not {type(value).__name__}")
