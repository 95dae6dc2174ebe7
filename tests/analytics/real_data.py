"""Real event logs as projects of the engine: other people's data, whose results are known."""

from __future__ import annotations

import csv
import gzip
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference import LogEvent
from bihuan.kernel.hashing import key64
from bihuan.warehouse.engine import Engine
from tests.analytics.loading import add_events, context, fresh_project
from tests.shared_data import shared_file


def truth(data_set: str, metric_contains: str) -> Any:
    """The known value of a metric, from the data's own list of truths."""
    truths = json.loads(shared_file("TRUTHS.json").read_text(encoding="utf-8"))
    return next(item["value"] for item in truths[data_set] if metric_contains in item.get("metric", ""))


def online_retail() -> Iterator[LogEvent]:
    """One ``purchase`` an invoice line; lines without a customer belong to their invoice."""
    path = shared_file("online_retail/online_retail.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            customer, invoice = row["CustomerID"].removesuffix(".0"), row["InvoiceNo"]
            quantity, price = float(row["Quantity"]), float(row["UnitPrice"])
            properties: dict[str, Any] = {
                "$order_id": invoice, "$product_id": row["StockCode"], "$quantity": quantity, "$price": price,
                "$revenue": quantity * price, "$country": row["Country"],
            }  # fmt: skip
            if customer:
                properties["customer"] = customer
            when = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=UTC)
            yield _event(number, "purchase", when, customer or f"invoice {invoice}", properties)


def taobao() -> Iterator[LogEvent]:
    """``pv``, ``cart``, ``fav`` and ``buy`` of 814 people over nine days (Asia/Shanghai)."""
    path = shared_file("taobao_userbehavior/UserBehavior_panel814_clean.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            properties = {"$product_id": row["item_id"], "$category": row["category_id"]}
            when = datetime.fromtimestamp(int(row["ts"]), UTC)
            yield _event(number, row["behavior"], when, row["user_id"], properties)


def cdnow() -> Iterator[LogEvent]:
    """One ``purchase`` a row, at the start of its day (UTC)."""
    with shared_file("cdnow/CDNOW_master.txt").open(encoding="utf-8") as lines:
        next(lines)
        for number, line in enumerate(lines, start=1):
            customer, day, discs, dollars = line.split()
            when = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
            yield _event(number, "purchase", when, customer, {"$quantity": float(discs), "$revenue": float(dollars)})


def github() -> Iterator[LogEvent]:
    """Two hours of public GitHub events."""
    for hour in (0, 1):
        with gzip.open(shared_file(f"github_events/2015-01-01-{hour}.json.gz"), "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                when = datetime.fromisoformat(row["created_at"])
                properties = {"repo.name": row["repo"]["name"], "public": row["public"]}
                yield _event(int(row["id"]), row["type"], when, row["actor"]["login"], properties)


def real_project(engine: Engine, events: Iterable[LogEvent], time_zone: str) -> tuple[Engine, ProjectContext]:
    """A project that holds the events, and how to ask it."""
    store = fresh_project(engine)
    add_events(store, events)
    return engine, context(store, time_zone=time_zone)


def _event(number: int, event: str, when: datetime, distinct_id: str, properties: dict[str, Any]) -> LogEvent:
    return LogEvent(
        event=event, time_ms=round(when.timestamp() * 1000), person=key64(distinct_id), distinct_id=distinct_id,
        properties=properties, event_id=uuid.UUID(int=number),
    )  # fmt: skip
