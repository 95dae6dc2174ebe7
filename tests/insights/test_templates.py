"""Ready boards: the right events for each role, tiles that answer, and what is left out with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bihuan.catalog import learn
from bihuan.insights.templates import make_all
from bihuan.insights.templates.catalogue import BOARDS
from bihuan.insights.templates.roles import SeenEvent, cast_of
from bihuan.insights.wire import Author
from tests.insights.shop import INVITED, ORDERED, SIGNED_UP, VIEWED, send
from tests.server.running import Running

TEMPLATES = [board.template for board in BOARDS]


def results(server: Running, dashboard: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = server.api.post(server.path(f"/dashboards/{dashboard['id']}/results"))
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["insight"]["name"], line["error"]) for line in lines if line["error"]] == []
    return {line["insight"]["name"]: line for line in lines}


def made(server: Running, template: str, language: str = "en") -> dict[str, Any]:
    body = {"template": template, "language": language}
    answer = server.api.post(server.path("/dashboards/from-template"), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_tile_of_a_ready_board_answers_and_none_overlaps(server: Running, template: str) -> None:
    board = made(server, template)
    dashboard = board["dashboard"]
    found = results(server, dashboard)
    assert len(found) == len(dashboard["tiles"]) >= 5
    assert board["events"] == {
        "sign_up": SIGNED_UP,
        "product_view": VIEWED,
        "order": ORDERED,
        "share": INVITED,
    }
    places = [
        (x, y)
        for tile in dashboard["tiles"]
        for x in range(tile["x"], tile["x"] + tile["w"])
        for y in range(tile["y"], tile["y"] + tile["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 12
    assert (dashboard["template"], dashboard["period"], dashboard["tags"]) == (template, None, [template])


def test_the_numbers_are_those_of_the_shop(server: Running) -> None:
    found = results(server, made(server, "commerce")["dashboard"])
    totals = {name: [line["total"] for line in found[name]["result"].get("lines", [])] for name in found}
    assert totals["Revenue"] == [100]
    assert totals["Orders"] == [6]
    assert totals["Buyers"] == [3, 3]
    labels = [line["name"] for line in found["Value of an order"]["result"]["lines"]]
    assert labels == ["Revenue", "Orders", "Value of an order"]
    assert totals["Value of an order"] == [100, 6, pytest.approx(100 / 6)]
    growth = results(server, made(server, "aarrr")["dashboard"])
    assert growth["New people"]["result"]["lines"][0]["total"] == 5
    funnel = growth["Way to the order"]["result"]
    assert [
        step["selector"]["events"] for step in growth["Way to the order"]["insight"]["query"]["steps"]
    ] == [
        [SIGNED_UP],
        [VIEWED],
        [ORDERED],
    ]
    assert funnel["kind"] == "funnel"


def test_what_is_left_out_says_why_in_the_language(server: Running) -> None:
    commerce = made(server, "commerce", "zh")
    assert commerce["dashboard"]["name"] == "电商成交"
    left = {each["title"]: (each["missing"], each["reason"]) for each in commerce["left_out"]}
    assert left == {
        "热销商品": (["product"], "项目中没有带商品属性（$product_name）的订单。"),
        "优惠券使用": (["coupon"], "项目中没有类似“使用优惠券”的事件。"),
    }
    offered = server.api.get(server.path("/dashboard-templates")).json()
    assert [each["template"] for each in offered] == TEMPLATES
    commerce_offer = next(each for each in offered if each["template"] == "commerce")
    assert commerce_offer["made"] is True
    assert [tile["title"]["zh"] for tile in commerce_offer["tiles"] if tile["missing"]] == list(left)


def test_a_project_without_events_gets_no_board(empty: Running) -> None:
    refused = empty.api.post(empty.path("/dashboards/from-template"), json={"template": "aarrr"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "template_empty")
    wrong = empty.api.post(empty.path("/dashboards/from-template"), json={"template": "none"})
    assert wrong.status_code == 422
    tiles = empty.api.get(empty.path("/dashboard-templates")).json()[0]["tiles"]
    assert all("event" in tile["missing"] for tile in tiles)


def test_boards_of_the_past_show_the_past_and_are_made_once(empty: Running) -> None:
    orders = [
        {
            "type": "track",
            "userId": f"u{number % 3}",
            "event": "purchase",
            "timestamp": f"2017-{number % 12 + 1:02}-05T08:00:00Z",
            "messageId": f"p{number}",
            "properties": {"$revenue": 2, "$order_id": f"o{number // 2}", "$category": "tea"},
        }
        for number in range(24)
    ]
    mailed = {
        "type": "track",
        "userId": "u1",
        "event": "campaign_mailed",
        "timestamp": "2017-01-01T00:00:00Z",
    }
    send(empty, [*orders, {**mailed, "properties": {"campaign_type": "A"}}])
    learn(empty.installation.database, empty.project_id, empty.project.store, settle_seconds=0)
    project, author = empty.project.row, Author(kind="key", id="k", name="demo")
    database = empty.installation.database
    assert make_all(database, project, author, "en") == TEMPLATES
    assert make_all(database, project, author, "en") == []
    boards = empty.api.get(empty.path("/dashboards")).json()["items"]
    assert {board["template"] for board in boards} == set(TEMPLATES)
    for board in boards:
        assert board["period"] == {"kind": "dates", "from_date": "2017-01-01", "to_date": "2017-12-05"}
    commerce = next(board for board in boards if board["template"] == "commerce")
    found = results(empty, commerce)
    assert found["Orders"]["result"]["lines"][0]["total"] == 12, "a receipt of two lines is one order"
    assert found["Revenue"]["result"]["lines"][0]["total"] == 48
    growth = results(empty, next(board for board in boards if board["template"] == "aarrr"))
    # Mail that was sent to them is nothing that people did.
    channels = next(board for board in boards if board["template"] == "channels")
    assert "Revenue by channel" not in results(empty, channels), "orders have no channel here"
    assert growth["Active people"]["insight"]["query"]["series"][0]["selector"]["events"] == ["purchase"]


@pytest.mark.parametrize(
    ("names", "role", "expected"),
    [
        (["orderCompleted", "Order Cancelled", "order_viewed"], "order", "orderCompleted"),
        (["支付成功", "提交订单", "支付失败"], "order", "支付成功"),
        (["Order Refunded", "purchase failed"], "order", None),
        (["提交订单"], "order", None),
        (["$pageview", "view_item"], "page_view", "$pageview"),
        (["view_item", "ProductViewed"], "product_view", "view_item"),
        (["add_to_cart", "cart"], "add_to_cart", "add_to_cart"),
        (["加入购物车"], "add_to_cart", "加入购物车"),
        (["注册", "注册失败"], "sign_up", "注册"),
        (["userRegistered"], "sign_up", "userRegistered"),
        (["share_poster", "邀请好友"], "share", "share_poster"),
        (["unshared"], "share", None),
        (["message.delivered"], "reach", "message.delivered"),
        (["coupon_redeemed"], "coupon", "coupon_redeemed"),
    ],
)
def test_events_are_cast_by_their_names(names: list[str], role: str, expected: str | None) -> None:
    seen = [SeenEvent(name, 100 - number) for number, name in enumerate(names)]
    # Of events that say it equally well the more frequent one is taken.
    seen.reverse()
    assert cast_of(seen).events.get(role) == expected  # type: ignore[call-overload]


def test_orders_with_an_amount_come_before_more_frequent_ones() -> None:
    receipts = SeenEvent("basket", 1_000, {"$order_id": 1_000})
    lines = SeenEvent("purchase", 500, {"$revenue": 500, "$order_id": 500, "$product_name": 3})
    cast = cast_of([receipts, lines])
    assert (cast.events["order"], cast.revenue, cast.order_id, cast.product, cast.receipt) == (
        "purchase",
        "$revenue",
        "$order_id",
        None,
        None,
    )
    many_lines = SeenEvent("purchase", 5_000, {"$revenue": 5_000, "$order_id": 5_000})
    assert cast_of([receipts, many_lines]).receipt == "basket"
