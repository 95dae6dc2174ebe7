"""A project to which things happen: events, merges of people, undoing, erasure, building of rollups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference import LogEvent
from bihuan.kernel.hashing import key64
from bihuan.people import People, squash
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import add_events, context, fresh_project
from tests.analytics.random_log import EVENTS
from tests.people.logs import START_MS, link

DAY_MS = 86_400_000
ZONE = "Asia/Shanghai"
IDS = ("d1", "d2", "d3", "u1", "u2")
PLACES = st.tuples(st.sampled_from(IDS), st.sampled_from(EVENTS[:2]), st.integers(0, 6))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("events"), st.lists(PLACES, min_size=1, max_size=6)),
        st.tuples(st.just("link"), st.tuples(st.sampled_from(IDS[:3]), st.sampled_from(IDS[3:]))),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("squash"), st.none()),
        st.tuples(st.just("build"), st.none()),
        st.tuples(st.just("merge parts"), st.none()),
        st.tuples(st.just("erase"), st.sampled_from(IDS)),
    ),
    min_size=4,
    max_size=12,
)


class Life:
    """A project to which things happen, one after the other."""

    def __init__(self, engine: Engine, build: Callable[[ProjectStore], None]) -> None:
        self.build = build
        self.store = fresh_project(engine)
        self.people = People(self.store)
        self.clock = 0

    def do(self, what: str, given: Any) -> None:
        self.clock += 1
        identities = self.people.identities
        match what:
            case "events":
                add_events(self.store, [self._event(*place) for place in given])
            case "link":
                identities.apply([link(*given, self.clock)], received_ms=START_MS + self.clock)
            case "undo":
                applied = [each for each in identities.links()[0] if each.verdict.status == "applied"]
                if applied:
                    identities.undo(applied[-1].link.link_id, actor="operator")
            case "squash":
                squash(identities, settle_seconds=0, linger_seconds=0)
            case "build":
                self.build(self.store)
            case "merge parts":
                self.store.engine.command(f"OPTIMIZE TABLE {self.store.table('events')} FINAL")
            case "erase":
                self.people.erasures.erase(given, actor="operator", at_ms=START_MS + 400 * DAY_MS)

    def context(self) -> ProjectContext:
        pending = self.store.engine.scalar(
            f"SELECT count() FROM {self.store.table('identity_overrides')} FINAL WHERE pending"
        )
        now_ms = START_MS + 20 * DAY_MS
        return context(self.store, time_zone=ZONE, now_ms=now_ms, has_overrides=bool(pending))

    def _event(self, distinct_id: str, event: str, day: int) -> LogEvent:
        key = key64(distinct_id)
        return LogEvent(
            event,
            START_MS + day * DAY_MS + self.clock,
            self.people.identities.person_of(key),
            distinct_id=distinct_id,
            properties={"$os": "iOS" if day % 2 else "Android", "$revenue": float(self.clock)},
        )
