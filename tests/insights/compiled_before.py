"""What ``compile_loops`` left to be compiled when somebody asks, a line each: a process of its own asks."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from numba.core.dispatcher import Dispatcher

from bihuan.analytics import run
from bihuan.analytics.funnel import ConversionTime, FunnelBreakdown, FunnelQuery
from bihuan.analytics.funnel import loops as funnels
from bihuan.analytics.paths import PathsQuery
from bihuan.analytics.paths import loops as paths
from bihuan.analytics.query import Dates, EventSelector
from bihuan.analytics.reference import LogEvent
from bihuan.analytics.rfm import RfmQuery, ask_rfm
from bihuan.analytics.rfm import loops as buyers
from bihuan.analytics.run import Limits
from bihuan.analytics.sequences import loops as sequences
from bihuan.insights.warming import compile_loops
from bihuan.kernel.hashing import key64
from bihuan.warehouse.engine import Engine
from tests.analytics.keeping import build, with_sequences, work_in_small_pieces
from tests.analytics.kept_queries import OS, REVENUE, steps_of
from tests.analytics.loading import add_events, context, fresh_project
from tests.people.logs import START_MS

PERIOD = Dates(from_date=date(2025, 10, 1), to_date=date(2025, 10, 31))


def compiled() -> dict[str, set[Any]]:
    """The signatures that each loop was compiled for."""
    return {
        f"{module.__name__}.{name}": set(each.signatures)
        for module in (funnels, paths, buyers, sequences)
        for name, each in vars(module).items()
        if isinstance(each, Dispatcher)
    }


def ask(directory: Path) -> None:
    """Questions of every kind: of what the files have, and of what came since."""
    engine = Engine(f"chdb://{directory / 'warehouse'}")
    store = fresh_project(engine)
    visits = [
        LogEvent(event, START_MS + place * 60_000, key64(who), distinct_id=who, properties={"$revenue": 1.5})
        for who in ("a", "b")
        for place, event in enumerate(("view", "add"))
    ]
    add_events(store, visits)
    build(store)
    for late in ((), [replace(visits[0], time_ms=START_MS + 1_000)]):
        add_events(store, list(late))
        ctx = with_sequences(store, context(store, now_ms=START_MS + 86_400_000))
        shape: dict[str, Any] = {"steps": steps_of(["view", "add"]), "period": PERIOD}
        touched = FunnelBreakdown(property=OS)
        for query in (
            FunnelQuery(**shape),
            FunnelQuery(**shape, order="strict"),
            FunnelQuery(**shape, conversion_time=ConversionTime(), breakdown=touched),
            PathsQuery(period=PERIOD),
        ):
            run(engine, ctx, query)
        for frequency in ("count", "days"):
            asked = RfmQuery(
                event=EventSelector(events=("view",)), revenue=REVENUE, window=PERIOD, frequency=frequency
            )
            ask_rfm(engine, ctx, asked, Limits())
    engine.close()


def main() -> None:
    """Warm, ask, compare."""
    with pytest.MonkeyPatch.context() as patch:
        work_in_small_pieces(patch)
        compile_loops()
        before = compiled()
        ask(Path(sys.argv[1]))
    for name, signatures in compiled().items():
        for signature in signatures - before[name]:
            print(name, signature)
    print(sum(map(len, before.values())), "were compiled before")


if __name__ == "__main__":
    main()
