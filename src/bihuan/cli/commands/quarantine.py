"""``bihuan quarantine …``: what was not let in, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.questions import read_text
from bihuan.cli.wording import moment

group = command_group("Items that were set aside with reason and payload.")

ReasonOption = Annotated[str | None, typer.Option(help="Only this reason.")]
EventOption = Annotated[str | None, typer.Option(help="Only this event.")]
SourceOption = Annotated[str | None, typer.Option(help="Only this source.")]
# The server does this many a call.
_AT_ONCE = 1_000


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="quarantine")
    command(group, "list")(list_items)
    command(group, "summary")(summary)
    command(group, "fix")(fix)
    command(group, "replay")(replay)
    command(group, "discard")(discard)


def list_items(
    operator: Operator,
    project: ProjectOption = None,
    reason: ReasonOption = None,
    event: EventOption = None,
    source: SourceOption = None,
    limit: LimitOption = 50,
) -> None:
    """List held items, the latest first."""
    with operator.api() as api:
        path = f"{api.project(project)}/quarantine"
        wanted = {"reason": reason, "event": event, "source": source}
        items = list(api.items(path, limit, status="held", **wanted))
    rows = [
        (
            each["item_id"],
            moment(each["received_at"]),
            each["times"],
            each["source"],
            each["reason"],
            each["path"],
            each["detail"],
            each["raw"],
        )
        for each in items
    ]
    headings = ("id", "received", "times", "source", "reason", "where", "detail", "payload")
    operator.answer(items, lambda: operator.table(rows, headings))


def summary(operator: Operator, project: ProjectOption = None) -> None:
    """Count items by reason, event, source and status."""
    with operator.api() as api:
        counts = api.get(f"{api.project(project)}/quarantine/summary")
    headings = list(dict.fromkeys(name for each in counts for name in each))
    rows = [[each[name] for name in headings] for each in counts]
    operator.answer(counts, lambda: operator.table(rows, headings))


def fix(
    operator: Operator,
    item_id: Annotated[str, typer.Argument(help="From `bihuan quarantine list`.")],
    file: Annotated[Path, typer.Argument(help="Its new payload in JSON; - for standard input.")],
    project: ProjectOption = None,
) -> None:
    """Replace the payload of an item, in the form in which its sender sends it."""
    raw = read_text(file)
    with operator.api() as api:
        item = api.put(f"{api.project(project)}/quarantine/items/{quote(item_id, safe='')}", {"raw": raw})
    operator.answer(item, lambda: operator.pairs(item.items()))


def replay(
    operator: Operator,
    project: ProjectOption = None,
    reason: ReasonOption = None,
    event: EventOption = None,
    source: SourceOption = None,
) -> None:
    """Send held items through the pipeline again, up to 1,000 at a time, the latest first.

    Each is read as its sender's requests are: after a change of the plan, the same payload may be let in.
    """
    with operator.api() as api:
        outcome = api.post(f"{api.project(project)}/quarantine/replay", _filter(reason, event, source))
    failed = len(outcome.get("failed", ()))
    done = operator.say(
        f"{outcome['stored']:,} stored, {failed:,} still held",
        f"入库 {outcome['stored']:,}，仍隔离 {failed:,}",
    )
    operator.answer(outcome, lambda: operator.out.print(done))


def discard(
    operator: Operator,
    project: ProjectOption = None,
    reason: ReasonOption = None,
    event: EventOption = None,
    source: SourceOption = None,
) -> None:
    """Mark held items as not wanted."""
    changed = 0
    with operator.api() as api:
        path = f"{api.project(project)}/quarantine/discard"
        while True:
            batch = api.post(path, _filter(reason, event, source))["changed"]
            changed += batch
            if batch < _AT_ONCE:
                break
    done = operator.say(f"{changed:,} discarded", f"已丢弃 {changed:,} 条")
    operator.answer({"changed": changed}, lambda: operator.out.print(done))


def _filter(reason: str | None, event: str | None, source: str | None) -> dict[str, Any]:
    wanted = {"reason": reason, "event": event, "source": source}
    return {name: value for name, value in wanted.items() if value is not None}
