"""People to test with: the published CDNOW sample, and people simulated from the models' definitions."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.purchases import PurchaseHistories, purchase_histories
from tests.shared_data import shared_file


@dataclass(frozen=True)
class Buyers:
    """Histories up to a cut-off, the mean value of repeats, and purchases in the time after it."""

    histories: PurchaseHistories
    mean_value: Array
    later: Array


def cdnow() -> Buyers:
    """The 1/10 sample with 39 weeks to fit on and 39 weeks after; times in weeks."""
    days: dict[str, set[int]] = {}
    first_day = np.datetime64("1997-01-01")
    for line in shared_file("cdnow/CDNOW_sample.txt").read_text().splitlines():
        _, person, date, *_ = line.split()
        day = np.datetime64(f"{date[:4]}-{date[4:6]}-{date[6:]}") - first_day
        days.setdefault(person, set()).add(int(day.astype(int)))
    cutoff = int((np.datetime64("1997-09-30") - first_day).astype(int))
    before = [sorted(day for day in each if day <= cutoff) for each in days.values()]
    histories = purchase_histories(
        np.array([len(each) - 1 for each in before]),
        np.array([(each[-1] - each[0]) / 7 for each in before]),
        np.array([(cutoff - each[0]) / 7 for each in before]),
    )
    later = np.array([len(each) - len(kept) for each, kept in zip(days.values(), before, strict=True)])
    return Buyers(histories, np.full(len(later), np.nan), later)


def published_summary() -> tuple[PurchaseHistories, Array]:
    """The authors' own summary of the sample: histories in weeks, and the mean value of repeats."""
    path = shared_file("cdnow/cdnow_customers_summary_with_transactions.csv")
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    x, last, until, value = (
        np.array([float(row[name]) for row in rows]) for name in ("x", "t_x", "T", "zbar")
    )
    return purchase_histories(x, last, until), value


def simulated(
    people: int, r: float, alpha: float, a: float, b: float, *, seed: int, after: float = 20.0
) -> Buyers:
    """Purchases drawn one by one from the definition; watched for 10 to 40, then ``after`` more."""
    rng = np.random.default_rng(seed)
    rate, leaves = rng.gamma(r, 1 / alpha, people), rng.beta(a, b, people)
    age = np.round(rng.uniform(10, 40, people), 1)
    clock, count, last, later = (np.zeros(people) for _ in range(4))
    active = np.arange(people)
    while len(active):
        clock[active] += rng.exponential(1 / np.maximum(rate[active], 1e-300))
        active = active[clock[active] <= age[active] + after]
        seen = active[clock[active] <= age[active]]
        count[seen] += 1
        last[seen] = clock[seen]
        later[active[clock[active] > age[active]]] += 1
        active = active[rng.random(len(active)) >= leaves[active]]
    return Buyers(purchase_histories(count, last, age), np.full(people, np.nan), later)
