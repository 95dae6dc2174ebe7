"""A file of ids and values, as text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bihuan.audiences.tags.definitions import TagValue
from bihuan.audiences.tags.schemas import RefusedLine
from bihuan.kernel.text_files import decoded, file_refused

MOST_LINES = 1_000_000
_value: TypeAdapter[str] = TypeAdapter(TagValue)


@dataclass(frozen=True)
class Read:
    """What a file says: id to value (None: none), how many lines it has, and those that were refused."""

    values: dict[str, str | None]
    lines: int
    refused: list[RefusedLine]


def read_values(content: bytes, *, value: str | None = None) -> Read:
    """Read a CSV with a heading: ids in the first column, values in the second (empty takes a value away).

    ``value``: the value of every id, where the file has ids only.

    Raises:
        InputInvalid: no text, or no second column where one is needed.
    """
    rows = csv.reader(io.StringIO(decoded(content), newline=""))
    heading = next(rows, None)
    if heading is None or (value is None and len(heading) < 2):
        raise file_refused(
            "The file needs a heading and two columns: id, value.", "文件需要表头以及两列：id、取值。"
        )
    read = Read({}, 0, [])
    lines = 0
    for cells in rows:
        if not any(cells):
            continue
        lines += 1
        _take(read, rows.line_num, cells, value)
        if lines > MOST_LINES:
            raise file_refused(
                f"The file has more than {MOST_LINES:,} lines: split it.",
                f"文件超过 {MOST_LINES:,} 行，请拆分后导入。",
            )
    return Read(read.values, lines, read.refused)


def _take(read: Read, line: int, cells: list[str], value: str | None) -> None:
    person = cells[0].strip()
    given = value if value is not None else (cells[1].strip() if len(cells) > 1 else "")
    if not person or len(person) > 1024:
        read.refused.append(
            RefusedLine(
                line=line, reason_en="no id, or one above 1,024 characters", reason_zh="缺少 id 或 id 过长"
            )
        )
        return
    try:
        read.values[person] = _value.validate_python(given) if given else None
    except ValidationError:
        read.refused.append(
            RefusedLine(
                line=line,
                reason_en="a value has at most 200 characters and none that cannot be printed",
                reason_zh="取值最多 200 个字符，且不能包含不可见字符",
            )
        )
