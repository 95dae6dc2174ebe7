"""Random journeys and random histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bihuan.journeys.graph.definition import Definition
from tests.journeys.stage import HOUR, MINUTE, START_MS

NAMES = ("A", "B", "C")
WAITING = ("wait", "wait_until", "wait_for")
spans = st.builds(lambda count: {"count": count, "unit": "minute"}, st.sampled_from([30, 60, 90, 240]))
selectors = st.builds(lambda name: {"events": [name]}, st.sampled_from(NAMES))
conditions = st.one_of(
    st.builds(lambda event: {"kind": "did", "event": event}, selectors),
    st.builds(
        lambda event, count: {
            "kind": "did",
            "event": event,
            "window": {"kind": "rolling", "span": {"count": count, "unit": "hour"}},
            "compare": {"operator": "gte", "value": 2},
        },
        selectors,
        st.integers(1, 3),
    ),
    st.builds(lambda event: {"kind": "not", "item": {"kind": "did", "event": event}}, selectors),
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Journeys of a few nodes: ways lead to later nodes or out; from where people wait back, too."""
    count = draw(st.integers(1, 6))
    kinds = [draw(st.sampled_from((*WAITING, "branch", "split", "send", "exit"))) for _ in range(count)]
    if kinds[0] == "exit":
        kinds[0] = "send"
    nodes = {f"n{index}": draw(_nodes(kinds, index)) for index in range(count)}
    pause = {"count": draw(st.integers(1, 60)), "unit": "minute"}
    rule = draw(
        st.sampled_from([{"rule": "never"}, {"rule": "always"}, {"rule": "after_exit", "pause": pause}])
    )
    given: dict[str, Any] = {
        "entry": {"kind": "event", "event": draw(selectors)},
        "start": "n0",
        "nodes": nodes,
        "reentry": rule,
    }
    if draw(st.booleans()):
        given["goal"] = {"event": draw(selectors), "within": draw(spans), "leave": draw(st.booleans())}
    if draw(st.integers(0, 3)) == 0:
        given["leave_on"] = draw(selectors)
    if draw(st.integers(0, 3)) == 0:
        given["caps"] = {draw(st.sampled_from(["total", "a_day", "inside"])): draw(st.integers(1, 5))}
    return Definition.model_validate(given)


@st.composite
def _nodes(draw: st.DrawFn, kinds: list[str], index: int) -> dict[str, Any]:
    kind = kinds[index]
    later: list[str | None] = [None, *(f"n{each}" for each in range(index + 1, len(kinds)))]
    # Back only from where people wait, so that nobody goes round for ever at one moment.
    places = later if kind not in WAITING else [None, *(f"n{each}" for each in range(len(kinds)))]
    target = st.sampled_from(places)
    match kind:
        case "wait":
            return {"kind": kind, "span": draw(spans), "next": draw(target)}
        case "wait_until":
            at = draw(st.sampled_from(["08:10", "09:40", "11:00"]))
            return {
                "kind": kind,
                "at": at,
                "zone": draw(st.sampled_from(["person", "project"])),
                "next": draw(target),
            }
        case "wait_for":
            ways = {"happened": draw(target), "timed_out": draw(target)}
            return {"kind": kind, "event": draw(selectors), "timeout": draw(spans), **ways}
        case "branch":
            cases = [
                {"name": f"c{each}", "condition": draw(conditions), "next": draw(target)}
                for each in range(draw(st.integers(1, 2)))
            ]
            return {"kind": kind, "cases": cases, "otherwise": draw(target)}
        case "split":
            names = (("left", 30.0), ("right", 70.0))
            portions = [{"name": name, "percent": percent, "next": draw(target)} for name, percent in names]
            return {"kind": kind, "portions": portions, "salt": "s"}
        case "send":
            return {"kind": kind, "template": "t", "channels": ["mail"], "next": draw(target)}
        case _:
            return {"kind": "exit", "reason": draw(st.sampled_from(["done", "over"]))}


@dataclass(frozen=True)
class Deed:
    """Somebody did something, and the log had it some time later."""

    who: str
    event: str
    at_ms: int
    received_ms: int


PEOPLE = ("ann", "bob", "cid", "dee", "eve")
LENGTH_MINUTES = 600


@st.composite
def histories(draw: st.DrawFn) -> list[Deed]:
    """Up to 40 events of five people in ten hours."""
    found = []
    for _ in range(draw(st.integers(5, 40))):
        at_ms = START_MS + draw(st.integers(1, LENGTH_MINUTES)) * MINUTE + draw(st.integers(0, 3)) * 7
        late = draw(st.sampled_from([0, 0, 0, 5_000, 3 * HOUR]))
        found.append(Deed(draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(NAMES)), at_ms, at_ms + late))
    # In one order of arriving.
    return list({deed.received_ms: deed for deed in found}.values())


tick_times = st.lists(st.integers(2, LENGTH_MINUTES + 60), min_size=3, max_size=9, unique=True).map(
    lambda minutes: [START_MS + each * MINUTE + 3 for each in sorted(minutes)]
)
