"""Published tables of people, as they would be uploaded."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import python_calamine

from tests.shared_data import shared_file

Rows = list[dict[str, Any]]


def iranian() -> Rows:
    """3,150 customers of a telephone company (UCI 563)."""
    with shared_file("iranian_churn/Customer_Churn.csv").open() as lines:
        return [_typed(row) for row in csv.DictReader(lines)]


def shop() -> Rows:
    """5,630 customers of a shop; text and empty cells."""
    path = shared_file("ecommerce_churn/E Commerce Dataset.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    header, *rows = book.get_sheet_by_name("E Comm").to_python()
    names = [str(name) for name in header]
    names[names.index("Churn")] = "Left the shop"  # another table has the name, too
    return [_typed({name: str(cell) for name, cell in zip(names, row, strict=True)}) for row in rows]


def bank() -> Rows:
    """41,188 calls of a bank (UCI 222); ``duration`` is that of the call whose outcome is foretold."""
    with zipfile.ZipFile(shared_file("bank_marketing/bank-additional.zip")) as archive:
        text = archive.read("bank-additional/bank-additional-full.csv").decode()
    return [_typed(row) for row in csv.DictReader(io.StringIO(text), delimiter=";")]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Numbers as numbers; empty cells are left out, and spaces in names are single."""
    found: dict[str, Any] = {}
    for name, text in row.items():
        try:
            found[" ".join(name.split())] = float(text)
        except ValueError:
            if text:
                found[" ".join(name.split())] = text
    return found
