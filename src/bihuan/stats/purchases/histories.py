"""Purchase histories as the three numbers that the models need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import StatsInputInvalid


@dataclass(frozen=True)
class PurchaseHistories:
    """One entry a person; times in one unit of the caller's choice (days, weeks), counted from the first
    purchase.

    Attributes:
        frequency: repeat purchases, that is purchases after the first (occasions: several on a day are one).
        recency: time from the first purchase to the last; 0 for those who bought once.
        age: time from the first purchase to the end of observation.
    """

    frequency: Array
    recency: Array
    age: Array

    @property
    def people(self) -> int:
        return len(self.frequency)

    @property
    def repeaters(self) -> int:
        """How many bought again."""
        return int(np.count_nonzero(self.frequency))


@dataclass(frozen=True)
class DistinctHistories:
    """The different histories, how many people have each, and which one each person has."""

    histories: PurchaseHistories
    people: Array
    of_person: Array


def purchase_histories(frequency: Array, recency: Array, age: Array) -> PurchaseHistories:
    """Check and take over the arrays; contradictions are refused with the first person concerned."""
    x, last, until = (np.asarray(each, dtype=float) for each in (frequency, recency, age))
    if not x.shape == last.shape == until.shape or x.ndim != 1:
        raise _invalid("the arrays have different lengths", "各数组长度不一致")
    _all(np.isfinite(x) & np.isfinite(last) & np.isfinite(until), "a value is missing", "有缺失值")
    _all((x >= 0) & (x == np.floor(x)), "a frequency is no count", "购买次数不是非负整数")
    _all((last >= 0) & (until >= 0), "a time is negative", "时间为负")
    _all(last <= until, "a last purchase lies after the end", "末次购买晚于观察结束")
    _all((x > 0) | (last == 0), "a last purchase without repeat purchases", "没有复购却有末次购买时间")
    return PurchaseHistories(x, last, until)


def distinct(histories: PurchaseHistories) -> DistinctHistories:
    """People with the same history together: a likelihood needs each history once."""
    columns = (histories.age, histories.recency, histories.frequency)
    order = np.lexsort(columns)
    ordered = [each[order] for each in columns]
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in ordered])
    group = np.cumsum(new) - 1
    of_person = np.empty(len(order), dtype=np.int64)
    of_person[order] = group
    age, recency, frequency = (each[new] for each in ordered)
    return DistinctHistories(PurchaseHistories(frequency, recency, age), np.bincount(group), of_person)


def _all(good: Array, en: str, zh: str) -> None:
    if not np.all(good):
        position = int(np.argmin(good))
        raise _invalid(f"{en} (person {position} of the arrays)", f"{zh}（数组中第 {position} 人）")


def _invalid(en: str, zh: str) -> StatsInputInvalid:
    return StatsInputInvalid(reason_en=en, reason_zh=zh)
