"""Each row beside figures of all rows, without reading them twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def beside_all(rows_sql: str, columns: Sequence[str], figures: Mapping[str, str]) -> str:
    """SELECT of ``columns`` of the rows (no NULL in them) and, beside each, of aggregates of all of them."""
    kept = [f"groupArray({column}) AS all_{column}" for column in columns]
    found = [f"{sql} AS {name}" for name, sql in figures.items()]
    whole = ",\n    ".join([*kept, *found])
    each = ", ".join(f"all_{column} AS {column}" for column in columns)
    return (
        f"SELECT {', '.join([*columns, *figures])}\nFROM (\nSELECT {whole}\nFROM (\n{rows_sql}\n)\n)\n"
        f"ARRAY JOIN {each}"
    )
