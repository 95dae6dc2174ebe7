"""Properties of people as columns of numbers: as they are, or by the codes of their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bihuan.kernel.arrays import Array

MOST_CODES = 100
# A property is a number if at least this share of its values is.
_NUMBERS = 0.95


@dataclass(frozen=True)
class Encoding:
    """Of the columns ``t<n>`` (a text, null if absent) and ``n<n>`` (a number, NaN if none) of rows.

    ``codes``: the commonest texts, each coded by its place; any other has the next code. None: a number.
    """

    codes: tuple[str, ...] | None

    @property
    def kind(self) -> Literal["number", "category"]:
        """What a model takes it for."""
        return "number" if self.codes is None else "category"

    @property
    def names(self) -> list[str] | None:
        """The text of each code."""
        return None if self.codes is None else [*self.codes, "…"]

    def column(self, rows: pa.Table | pa.RecordBatch, index: int) -> Array:
        """The column of some rows."""
        if self.codes is None:
            return np.asarray(rows.column(f"n{index}").to_numpy(zero_copy_only=False))
        texts = rows.column(f"t{index}")
        place = pc.index_in(texts, value_set=pa.array(self.codes, pa.string()))
        known = pc.if_else(pc.is_null(texts), None, pc.coalesce(place, len(self.codes)))
        return np.asarray(pc.cast(known, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)


def encoding_of(
    rows: pa.Table, index: int, wanted: Literal["auto", "number", "category"] = "auto"
) -> Encoding:
    """How a property is best told, from the rows that are learned from."""
    texts = rows.column(f"t{index}").combine_chunks()
    known = len(texts) - texts.null_count
    numbers = int(np.count_nonzero(~np.isnan(rows.column(f"n{index}").to_numpy())))
    if wanted == "number" or (wanted == "auto" and numbers >= _NUMBERS * known):
        return Encoding(None)
    counted = pc.value_counts(texts.drop_null()).to_pylist()
    most = sorted(counted, key=lambda each: (-each["counts"], each["values"]))[:MOST_CODES]
    return Encoding(tuple(each["values"] for each in most))


def encoded(rows: pa.Table | pa.RecordBatch, encodings: Sequence[Encoding]) -> Array:
    """People × properties."""
    if not encodings:
        return np.empty((rows.num_rows, 0))
    return np.column_stack([each.column(rows, index) for index, each in enumerate(encodings)])


def varies(column: Array) -> bool:
    """Whether it tells anybody from anybody else."""
    known = column[~np.isnan(column)]
    return len(known) > 0 and (len(known) < len(column) or float(np.ptp(known)) > 0)
