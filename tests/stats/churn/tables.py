"""People to test with: published tables, and windows cut from a simulated log."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import python_calamine

from bihuan.kernel.arrays import Array
from bihuan.stats.churn import Feature, Window
from tests.shared_data import shared_file


@dataclass(frozen=True)
class Table:
    """People × features and who left."""

    features: tuple[Feature, ...]
    values: Array
    left: Array

    def without(self, name: str) -> Table:
        kept = [index for index, feature in enumerate(self.features) if feature.name != name]
        return Table(tuple(self.features[index] for index in kept), self.values[:, kept], self.left)


def iranian() -> Table:
    """3,150 customers of a telephone company (UCI 563)."""
    with shared_file("iranian_churn/Customer_Churn.csv").open() as lines:
        header, *rows = csv.reader(lines)
    return _encoded(header, rows, "Churn", "1")


def shop() -> Table:
    """5,630 customers of a shop; text and empty cells."""
    path = shared_file("ecommerce_churn/E Commerce Dataset.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    header, *rows = book.get_sheet_by_name("E Comm").to_python()
    return _encoded([str(name) for name in header], rows, "Churn", "1.0").without("CustomerID")


@cache
def bank() -> Table:
    """15,000 of 41,188 calls of a bank (UCI 222); ``duration`` is that of the call which is foretold."""
    with zipfile.ZipFile(shared_file("bank_marketing/bank-additional.zip")) as archive:
        text = archive.read("bank-additional/bank-additional-full.csv").decode()
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    some = np.random.default_rng(0).permutation(len(rows))[:15_000]
    return _encoded(header, [rows[index] for index in some], "y", "yes")


def _encoded(header: Sequence[str], rows: Sequence[Sequence[object]], outcome: str, gone: str) -> Table:
    """Numbers where a column has only numbers and empty cells, codes of its texts otherwise."""
    features, columns = [], []
    for index, name in enumerate(header):
        texts = [str(row[index]) for row in rows]
        if name == outcome:
            left = np.array([text == gone for text in texts])
            continue
        try:
            columns.append(np.array([np.nan if text == "" else float(text) for text in texts]))
            features.append(Feature(name))
        except ValueError:
            known = {text: code for code, text in enumerate(sorted(set(texts)))}
            columns.append(np.array([float(known[text]) for text in texts]))
            features.append(Feature(name, "category"))
    return Table(tuple(features), np.column_stack(columns), left)


FEATURES = tuple(
    Feature(name, known="at_cutoff")
    for name in ("days_since_active", "active_days_7", "active_days_30", "active_days_90", "tenure", "noise")
)
HORIZON = 30
CUTOFFS = (120, 150, 180, 210)


@dataclass(frozen=True)
class Log:
    """``active[person, day]`` of 240 days, from people with rates of their own who leave silently."""

    active: Array

    def window(self, cutoff: int) -> Window:
        """Those active in the 60 days before; left: not active in the 30 days after."""
        before, after = self.active[:, :cutoff], self.active[:, cutoff : cutoff + HORIZON]
        there = before[:, -60:].any(axis=1)
        before, after = before[there], after[there]
        rng = np.random.default_rng(cutoff)
        columns = [
            np.argmax(before[:, ::-1], axis=1),
            *(before[:, -days:].sum(axis=1) for days in (7, 30, 90)),
            cutoff - np.argmax(before, axis=1),
            rng.normal(size=len(before)),
        ]
        return Window(cutoff, cutoff + HORIZON, np.column_stack(columns).astype(float), ~after.any(axis=1))

    def windows(self) -> list[Window]:
        return [self.window(cutoff) for cutoff in CUTOFFS]

    def active_after(self, cutoff: int) -> Array:
        """Days active in the horizon, of the people of the window: what nobody can know at the cut-off."""
        there = self.active[:, cutoff - 60 : cutoff].any(axis=1)
        return self.active[there, cutoff : cutoff + HORIZON].sum(axis=1).astype(float)


def log(people: int = 2500, seed: int = 0) -> Log:
    """People come within 100 days, are active with a chance of their own each day, and leave at random."""
    rng = np.random.default_rng(seed)
    comes = rng.integers(0, 100, people)
    stays = rng.exponential(250, people)
    daily = rng.beta(0.8, 5.0, people)
    day = np.arange(240)
    there = (day >= comes[:, None]) & (day < (comes + stays)[:, None])
    return Log(there & (rng.random((people, 240)) < daily[:, None]))


def with_column(window: Window, column: Array) -> Window:
    """The window with one more feature."""
    return replace(window, features=np.column_stack([window.features, column]))
