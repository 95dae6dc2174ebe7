"""Items kept aside: found, counted, fixed, replayed through the real pipeline, discarded."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.collect import EnrichmentSettings, Intake, TimeRules
from bihuan.collect.incoming import (
    IdentityAlias,
    IdentityLink,
    IncomingEvent,
    Item,
    Parsed,
    ProfileChange,
    Rejected,
)
from bihuan.collect.quarantine import Filter, HeldItem, IntakeReplay, Quarantine, Replayed
from bihuan.collect.quarantine.errors import QuarantineItemDone, QuarantineItemNotFound, RawInvalid
from bihuan.collect.quarantine.replaying import read
from bihuan.collect.quarantine.repository import insert_items
from bihuan.collect.quarantine.service import merge_patch
from bihuan.database import CursorInvalid
from bihuan.kernel.hashing import event_uuid
from bihuan.people import People
from bihuan.warehouse import Engine, GroupWriter, ProjectStore, drop_project, open_project

START_MS = 1_760_000_000_000
_numbers = count()


def held(number: int, raw: Any = None, **changes: Any) -> HeldItem:
    raw = {"event": "pay", "distinct_id": f"p{number}", "properties": {"n": number}} if raw is None else raw
    item = HeldItem(
        item_id=uuid.UUID(int=number + 1),
        received_ms=START_MS + number,
        source="web",
        protocol="native",
        event="pay",
        reason="property_type",
        path="properties.n",
        detail_en="bad",
        detail_zh="错误",
        raw=raw if isinstance(raw, str) else json.dumps(raw),
        status="held",
        version=START_MS,
    )
    return replace(item, **changes)


@pytest.fixture
def store(engine: Engine) -> Iterator[ProjectStore]:
    opened = open_project(engine, f"quarantine{next(_numbers)}", durable=False)
    yield opened
    drop_project(opened)


class Recorder:
    """A replay that keeps what it is given and refuses the items it is told to."""

    def __init__(self) -> None:
        self.seen: list[HeldItem] = []
        self.bad: set[uuid.UUID] = set()
        self.fail_after: int | None = None

    def __call__(self, item: HeldItem) -> Replayed:
        if self.fail_after is not None and len(self.seen) >= self.fail_after:
            raise ConnectionError("the engine is away")
        self.seen.append(item)
        return Replayed(
            item.item_id, item.item_id not in self.bad, "still_bad" if item.item_id in self.bad else ""
        )


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def quarantine(store: ProjectStore, recorder: Recorder) -> Quarantine:
    return Quarantine(store, recorder)


def numbers(items: Any) -> list[int]:
    return [each.item.item_id.int - 1 for each in items]


def test_items_are_listed_latest_first_in_pages(quarantine: Quarantine, store: ProjectStore) -> None:
    insert_items(store, [held(number) for number in range(5)])
    first, cursor = quarantine.list(Filter(), limit=2)
    second, cursor = quarantine.list(Filter(), cursor=cursor, limit=2)
    third, end = quarantine.list(Filter(), cursor=cursor, limit=2)
    assert (numbers(first), numbers(second), numbers(third), end) == ([4, 3], [2, 1], [0], None)
    assert quarantine.get(uuid.UUID(int=3)).item == held(2)
    with pytest.raises(QuarantineItemNotFound):
        quarantine.get(uuid.UUID(int=99))
    for broken in ("x", "!", "MTIz"):
        with pytest.raises(CursorInvalid):
            quarantine.list(Filter(), cursor=broken)


def test_every_filter_narrows_alone(quarantine: Quarantine, store: ProjectStore) -> None:
    insert_items(
        store,
        [
            held(0),
            held(1, reason="event_unknown"),
            held(2, source="app"),
            held(3, protocol="mixpanel"),
            held(4, event="view"),
            held(5, raw={"Key": "Needle"}),
            held(6, status="discarded"),
        ],
    )
    wanted = {
        (1,): Filter(reason="event_unknown"),
        (2,): Filter(source="app"),
        (3,): Filter(protocol="mixpanel"),
        (4,): Filter(event="view"),
        (5,): Filter(search="needle"),
        (6,): Filter(status="discarded"),
        (6, 5): Filter(since_ms=START_MS + 5),
        (1, 0): Filter(until_ms=START_MS + 2),
        (3, 0): Filter(item_ids=(uuid.UUID(int=1), uuid.UUID(int=4))),
        (): Filter(item_ids=()),
    }
    for expected, each in wanted.items():
        assert numbers(quarantine.list(each)[0]) == list(expected)


def test_counts_by_reason(quarantine: Quarantine, store: ProjectStore) -> None:
    insert_items(store, [held(0), held(1), held(2, reason="event_unknown"), held(3, status="replayed")])
    assert [(row.reason, row.status, row.count) for row in quarantine.summary(Filter())] == [
        ("property_type", "held", 2),
        ("event_unknown", "held", 1),
        ("property_type", "replayed", 1),
    ]
    first = quarantine.summary(Filter(status="held"))[0]
    assert (first.first_ms, first.last_ms) == (START_MS, START_MS + 1)


def test_what_was_sent_again_is_one_item_seen_more_often(
    quarantine: Quarantine, store: ProjectStore, recorder: Recorder
) -> None:
    again = [held(0, received_ms=START_MS + back) for back in (100, 200)]
    insert_items(store, [held(0), *again, held(1)])
    seen, other = quarantine.list(Filter())[0]
    assert (seen.item.item_id.int, seen.times, seen.first_ms, seen.last_ms) == (
        1,
        3,
        START_MS,
        START_MS + 200,
    )
    assert (other.times, other.first_ms, other.last_ms) == (1, START_MS + 1, START_MS + 1)
    (counted,) = quarantine.summary(Filter())
    assert (counted.count, counted.times) == (2, 4)
    first, cursor = quarantine.list(Filter(), limit=1)
    assert numbers([*first, *quarantine.list(Filter(), cursor=cursor)[0]]) == [0, 1]
    # A verb is for all of them.
    assert quarantine.fix(uuid.UUID(int=1), '{"event": "paid"}').times == 3
    assert quarantine.replay(Filter(item_ids=(uuid.UUID(int=1),))).stored == 3
    assert {(item.raw, item.received_ms) for item in recorder.seen} == {
        ('{"event": "paid"}', START_MS + later) for later in (0, 100, 200)
    }
    assert quarantine.get(uuid.UUID(int=1)).item.status == "replayed"
    assert numbers(quarantine.list(Filter(status="held"))[0]) == [1]
    # The sender goes on: there it is again, as it was sent.
    insert_items(store, [held(0, received_ms=START_MS + 300)])
    back = quarantine.list(Filter(status="held"))[0][0]
    assert (back.item.status, back.times, json.loads(back.item.raw)) == ("held", 4, json.loads(held(0).raw))
    assert quarantine.discard(Filter(item_ids=(uuid.UUID(int=1),))) == 1
    assert (quarantine.get(uuid.UUID(int=1)).item.status, len(quarantine.list(Filter())[0])) == (
        "discarded",
        2,
    )


def test_one_item_is_fixed_replayed_and_then_done(
    quarantine: Quarantine, store: ProjectStore, recorder: Recorder
) -> None:
    insert_items(store, [held(0), held(1)])
    fixed = quarantine.fix(uuid.UUID(int=1), '{"event": "paid"}')
    assert (fixed.item.raw, fixed.item.event) == ('{"event": "paid"}', "paid")
    assert quarantine.get(fixed.item.item_id) == fixed
    with pytest.raises(RawInvalid):
        quarantine.fix(fixed.item.item_id, "{")
    outcome = quarantine.replay(Filter(item_ids=(fixed.item.item_id,)))
    assert (outcome.stored, outcome.failed, [item.raw for item in recorder.seen]) == (
        1,
        [],
        ['{"event": "paid"}'],
    )
    assert quarantine.get(fixed.item.item_id).item.status == "replayed"
    assert numbers(quarantine.list(Filter(status="held"))[0]) == [1]
    with pytest.raises(QuarantineItemDone):
        quarantine.fix(fixed.item.item_id, "{}")
    assert quarantine.replay(Filter(item_ids=(fixed.item.item_id,))).stored == 0


def test_many_items_are_patched_alike(quarantine: Quarantine, store: ProjectStore) -> None:
    insert_items(store, [held(0), held(1), held(2, raw="not json"), held(3, status="discarded")])
    assert quarantine.patch(Filter(), {"event": "paid", "properties": {"n": None, "currency": "CNY"}}) == 2
    assert json.loads(quarantine.get(uuid.UUID(int=2)).item.raw) == {
        "event": "paid",
        "distinct_id": "p1",
        "properties": {"currency": "CNY"},
    }
    assert quarantine.get(uuid.UUID(int=3)).item.raw == "not json"
    assert quarantine.patch(Filter(), {"event": "paid"}) == 0


def test_items_that_are_still_bad_stay_and_a_failing_engine_keeps_what_was_done(
    quarantine: Quarantine, store: ProjectStore, recorder: Recorder
) -> None:
    insert_items(store, [held(number) for number in range(4)])
    recorder.bad = {uuid.UUID(int=4)}
    recorder.fail_after = 3
    with pytest.raises(ConnectionError):
        quarantine.replay(Filter())
    assert numbers(quarantine.list(Filter(status="held"))[0]) == [3, 0]
    recorder.fail_after = None
    outcome = quarantine.replay(Filter())
    assert (outcome.stored, [(each.item_id.int, each.reason) for each in outcome.failed]) == (
        1,
        [(4, "still_bad")],
    )


def test_unwanted_items_are_discarded(quarantine: Quarantine, store: ProjectStore) -> None:
    insert_items(store, [held(0), held(1, event="view")])
    assert quarantine.discard(Filter(event="view")) == 1
    assert quarantine.discard(Filter(event="view")) == 0
    assert [(row.item.event, row.item.status) for row in quarantine.list(Filter())[0]] == [
        ("view", "discarded"),
        ("pay", "held"),
    ]


JSON_VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["x", ""]),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(JSON_VALUES, JSON_VALUES)
def test_merge_patches_are_those_of_rfc_7396(target: Any, patch: Any) -> None:
    merged = merge_patch(target, patch)
    if not isinstance(patch, dict):
        assert merged == patch
        return
    before = target if isinstance(target, dict) else {}
    assert set(merged) == {name for name in {*before, *patch} if patch.get(name, 0) is not None}
    for name in merged:
        assert merged[name] == (merge_patch(before.get(name), patch[name]) if name in patch else before[name])


def test_a_payload_says_what_kind_of_item_it_is() -> None:
    kinds = {
        IncomingEvent: {"event": "pay", "distinct_id": "p"},
        ProfileChange: {"operation": "set", "distinct_id": "p", "values": {"a": 1}},
        IdentityLink: {"anonymous_id": "a", "known_id": "k"},
        IdentityAlias: {"previous_id": "a", "distinct_id": "k"},
    }
    for kind, raw in kinds.items():
        (item,) = read(held(7, raw=raw)).items
        assert type(item) is kind
        assert (item.message_id, item.time_ms) == (f"{uuid.UUID(int=8)}-{START_MS + 7}-0", START_MS + 7)


def test_a_payload_is_read_in_its_vendors_form_first() -> None:
    vendor = {"event": "x", "distinct_id": "u", "properties": {"$current_url": "https://a.example/b"}}
    (item,) = read(held(1, raw=vendor, protocol="posthog")).items
    assert isinstance(item, IncomingEvent)
    assert item.properties["$url"] == "https://a.example/b"
    ours = {**vendor, "position": "batch[0]"}
    (item,) = read(held(1, raw=ours, protocol="posthog")).items
    assert isinstance(item, IncomingEvent)
    assert item.properties == vendor["properties"]
    (item,) = read(held(1, raw={"operation": "set", "distinct_id": "u"}, protocol="segment")).items
    assert isinstance(item, ProfileChange)


@pytest.mark.parametrize(
    ("protocol", "raw", "reason"),
    [
        ("segment", {"type": "track", "userId": "u", "event": ""}, "event_name_missing"),
        ("mixpanel", {"event": "x", "properties": {"distinct_id": "u", "time": "noon"}}, "time_invalid"),
        ("sensors", {"event": "x", "distinct_id": "u", "properties": {}, "type": 7}, "type_unknown"),
    ],
)
def test_what_a_protocol_still_refuses_stays_for_its_reason(protocol: str, raw: Any, reason: str) -> None:
    parsed = read(held(1, raw=raw, protocol=protocol))
    assert ([each.reason for each in parsed.rejected], parsed.items) == ([reason], [])


@pytest.fixture
def intake(store: ProjectStore) -> Iterator[Intake]:
    writer = GroupWriter()
    yield Intake(People(store), writer, rules=TimeRules(), enrichment=EnrichmentSettings())
    writer.close()


def stored(store: ProjectStore) -> list[tuple[Any, ...]]:
    columns = "event_id, event, distinct_id, toUnixTimestamp64Milli(time), source"
    return store.engine.rows(f"SELECT {columns} FROM {store.table('events')}")


def test_a_held_item_is_fixed_and_stored_once_by_the_real_pipeline(
    store: ProjectStore, intake: Intake
) -> None:
    quarantine = Quarantine(store, IntakeReplay(intake))
    bad = IncomingEvent(event="pay", distinct_id="p1", properties={"$revenue": "a lot"}, position="batch[0]")
    unreadable = Rejected(reason="type_invalid", path="batch[1]", raw={"type": "vendor"})
    outcome = intake.take_blocking(
        Parsed(items=[bad], rejected=[unreadable]), source="web", protocol="native", received_ms=START_MS
    )
    assert sorted(reason for _, reason in outcome.quarantined) == ["property_type", "type_invalid"]
    items = [each.item for each in quarantine.list(Filter(reason="property_type"))[0]]
    assert (items[0].path, items[0].source, items[0].status) == (
        "batch[0].properties.$revenue",
        "web",
        "held",
    )
    still = quarantine.replay(Filter())
    assert (still.stored, sorted(each.reason for each in still.failed)) == (
        0,
        ["item_unreadable", "property_type"],
    )
    assert len(quarantine.list(Filter())[0]) == 2
    assert quarantine.patch(Filter(reason="property_type"), {"properties": {"$revenue": 5}}) == 1
    assert quarantine.replay(Filter(reason="property_type")).stored == 1
    event_id = event_uuid(f"web\0{items[0].item_id}-{START_MS}-0")
    expected = [(event_id, "pay", "p1", START_MS, "web")]
    assert stored(store) == expected
    # A kill between storing and the new status: the item is held still, and replayed once more.
    insert_items(
        store, [replace(quarantine.get(items[0].item_id).item, status="held", version=START_MS + 1000)]
    )
    assert quarantine.replay(Filter(reason="property_type")).stored == 1
    assert stored(store) == expected


def test_events_without_an_id_count_as_often_as_they_were_sent(store: ProjectStore, intake: Intake) -> None:
    """What would have been two events is two when it is mended; what has an id is one."""
    quarantine = Quarantine(store, IntakeReplay(intake))
    for received_ms in (START_MS, START_MS + 5_000):
        items: list[Item] = [
            IncomingEvent(event="pay", distinct_id="p1", properties={"$revenue": "x"}, message_id=message_id)
            for message_id in (None, "m-1")
        ]
        intake.take_blocking(Parsed(items=items), source="web", protocol="native", received_ms=received_ms)
    assert [each.times for each in quarantine.list(Filter())[0]] == [2, 2]
    assert quarantine.patch(Filter(), {"properties": {"$revenue": 5}}) == 4
    assert quarantine.replay(Filter()).stored == 4
    assert len(stored(store)) == 3
