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
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal
from tests.analytics.loading import add_events, context, fresh_project
from tests.shared_data import shared_file


def truth(data_set: str, metric_contains: str) -> Any:
    """The known value of a metric, from the data's own list of truths."""
    truths = json.loads(shared_file("TRUTHS.json").read_text(encoding="utf-8"))
    return next(item["value"] for item in truths[data_set] if metric_contains in item.get("metric", ""))


_INVOICE_LINE = (
    "InvoiceNo String, StockCode String, Description String, Quantity Float64, InvoiceDate DateTime('UTC'), "
    "UnitPrice Float64, CustomerID Nullable(String), Country String"
)


def load_online_retail(store: ProjectStore) -> None:
    """One ``purchase`` an invoice line; lines without a customer belong to their invoice.

    Half a million rows go from the file to the table inside the engine, which takes seconds.
    """
    path = shared_file("online_retail/online_retail.csv.gz")
    text = "toJSONString(assumeNotNull({}))"
    customer = "replaceRegexpOne(ifNull(CustomerID, ''), '[.]0$', '')"
    properties = ", ',', ".join(
        [
            f"'\"$order_id\":', {text.format('InvoiceNo')}",
            f"'\"$product_id\":', {text.format('StockCode')}",
            f"'\"$country\":', {text.format('Country')}",
            "'\"$quantity\":', toString(Quantity)",
            "'\"$price\":', toString(UnitPrice)",
            "'\"$revenue\":', toString(Quantity * UnitPrice)",
        ]
    )
    store.engine.command(f"""
        INSERT INTO {store.table("events")}
            (event_id, event, time, received_at, person_id, distinct_key, distinct_id, properties)
        WITH {customer} AS customer, if(customer = '', concat('invoice ', InvoiceNo), customer) AS whose
        SELECT reinterpretAsUUID(toUInt128(rowNumberInAllBlocks())), 'purchase', InvoiceDate, InvoiceDate,
            xxh3(whose), xxh3(whose), whose,
            concat('{{', {properties}, if(customer = '', '',
                concat(',"customer":', toJSONString(customer))), '}}')
        FROM file({literal(str(path))}, 'CSVWithNames', {literal(_INVOICE_LINE)})
        SETTINGS max_threads = 1""")


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
            yield _event(
                number, "purchase", when, customer, {"$quantity": float(discs), "$revenue": float(dollars)}
            )


def github() -> Iterator[LogEvent]:
    """Two hours of public GitHub events."""
    for hour in (0, 1):
        with gzip.open(
            shared_file(f"github_events/2015-01-01-{hour}.json.gz"), "rt", encoding="utf-8"
        ) as lines:
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
        event=event,
        time_ms=round(when.timestamp() * 1000),
        person=key64(distinct_id),
        distinct_id=distinct_id,
        properties=properties,
        event_id=uuid.UUID(int=number),
    )
