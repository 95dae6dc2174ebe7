"""Look-up tables: products by SKU, shops by number, as templates read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.kernel.text_files import decoded, file_refused
from bihuan.messages.errors import LookupNotFound
from bihuan.messages.templates.models import LookupRow

MOST_ROWS = 200_000
_MOST_KEPT = 10_000


class Lookups(Mapping[str, Any]):
    """``catalog`` of a scope: table to key to row; read when asked for, and kept as long as this lives."""

    def __init__(self, database: Database, project_id: str) -> None:
        with database.read_session() as session:
            self._tables = {name: _Table(database, project_id, name) for name in tables(session, project_id)}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class _Table(Mapping[str, Any]):
    def __init__(self, database: Database, project_id: str, name: str) -> None:
        self._database, self._project_id, self._name = database, project_id, name
        self._rows: dict[str, dict[str, Any] | None] = {}

    def __getitem__(self, key: object) -> dict[str, Any]:
        text = key_text(key)
        if text not in self._rows:
            if len(self._rows) >= _MOST_KEPT:
                self._rows.clear()
            with self._database.read_session() as session:
                found = session.get(LookupRow, (self._project_id, self._name, text[:200]))
            self._rows[text] = None if found is None else {"key": text, **found.values}
        row = self._rows[text]
        if row is None:
            raise KeyError(text)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Reading(Mapping[str, Any]):
    """Tables that write down what is read of them: table to key to row, None for a key that is not there."""

    def __init__(self, of: Mapping[str, Any], rows: dict[str, dict[str, Any]]) -> None:
        self._of, self._rows = of, rows

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return _ReadTable(self._of[name], self._rows.setdefault(name, {}))

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


class _ReadTable(Mapping[str, Any]):
    def __init__(self, of: Mapping[str, Any], rows: dict[str, Any]) -> None:
        self._of, self._rows = of, rows

    def __getitem__(self, key: object) -> Any:
        text = key_text(key)
        self._rows[text] = None
        row = self._of[text]
        self._rows[text] = row
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Kept(Mapping[str, Any]):
    """Tables as they were when something was read of them."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self._rows = rows

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        found = {key: row for key, row in self._rows[name].items() if row is not None}
        return _ReadTable(found, {})

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def key_text(key: object) -> str:
    """A key as tables have it: whole numbers without a point."""
    return str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)


def tables(session: Session, project_id: str) -> dict[str, int]:
    """Every table of a project, with the number of its rows."""
    counted = select(LookupRow.name, func.count()).where(LookupRow.project_id == project_id)
    rows = session.execute(counted.group_by(LookupRow.name).order_by(LookupRow.name))
    return {row[0]: row[1] for row in rows}


def rows_of(session: Session, project_id: str, name: str, after: str, limit: int) -> list[LookupRow]:
    """Rows by key, those after one. Raises ``LookupNotFound``."""
    wanted = select(LookupRow).where(LookupRow.project_id == project_id, LookupRow.name == name)
    found = list(session.scalars(wanted.where(LookupRow.key > after).order_by(LookupRow.key).limit(limit)))
    if not found and session.scalar(wanted.limit(1)) is None:
        raise LookupNotFound(name=name, path="name")
    return found


def replace(session: Session, project_id: str, name: str, content: bytes) -> int:
    """Make a table what a CSV says: a heading, the key in the first column. Returns its rows.

    Raises:
        InputInvalid: no heading, a key twice, or too many lines.
    """
    rows = _read(content)
    session.execute(delete(LookupRow).where(LookupRow.project_id == project_id, LookupRow.name == name))
    session.flush()
    values = [
        {"project_id": project_id, "name": name, "key": key, "values": row} for key, row in rows.items()
    ]
    for start in range(0, len(values), 5_000):
        session.execute(LookupRow.__table__.insert(), values[start : start + 5_000])  # type: ignore[attr-defined]
    return len(values)


def remove(session: Session, project_id: str, name: str) -> int:
    """Delete a table. Raises ``LookupNotFound``."""
    wanted = delete(LookupRow).where(LookupRow.project_id == project_id, LookupRow.name == name)
    count = session.connection().execute(wanted).rowcount
    if not count:
        raise LookupNotFound(name=name, path="name")
    return count


def _read(content: bytes) -> dict[str, dict[str, str]]:
    reader = csv.reader(io.StringIO(decoded(content), newline=""))
    heading = [each.strip() for each in next(reader, [])]
    if len(heading) < 2 or len(set(heading)) < len(heading) or not all(heading):
        raise file_refused(
            "The file needs a heading of two or more different names.", "文件需要表头，且列名不能为空或重复。"
        )
    rows: dict[str, dict[str, str]] = {}
    for cells in reader:
        if not any(cells):
            continue
        key = cells[0].strip()
        if not key or len(key) > 200 or key in rows or "\x00" in "".join(cells):
            line = reader.line_num
            raise file_refused(
                f"Line {line}: no key, or one that was there.", f"第 {line} 行：主键为空、过长或重复。"
            )
        rows[key] = dict(zip(heading[1:], cells[1:], strict=False))
        if len(rows) > MOST_ROWS:
            raise file_refused(f"More than {MOST_ROWS:,} lines.", f"超过 {MOST_ROWS:,} 行。")
    return rows
