"""``bihuan messages …``: what waits, what went out, and what nobody knows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.wording import moment

group = command_group("Messages to people: the outbox.")

StateOption = Annotated[str | None, typer.Option(help="Only this state.")]
OccurrenceOption = Annotated[str | None, typer.Option(help="Only of this occurrence, as of a campaign.")]
PersonOption = Annotated[str | None, typer.Option(help="Only to this person, by an id of theirs.")]
DecisionArgument = Annotated[
    Literal["resend", "give_up"],
    typer.Argument(help="resend: somebody may get it twice. give_up: somebody may never get it."),
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="messages")
    command(group, "list")(list_messages)
    command(group, "stats")(stats)
    command(group, "resolve")(resolve)
    command(group, "cancel")(cancel)


def list_messages(
    operator: Operator,
    project: ProjectOption = None,
    state: StateOption = None,
    occurrence: OccurrenceOption = None,
    person: PersonOption = None,
    limit: LimitOption = 50,
) -> None:
    """List messages, the newest first."""
    with operator.api() as api:
        wanted = {"state": state, "occurrence": occurrence, "person": person}
        found = list(api.items(f"{api.project(project)}/messages", limit, **wanted))
    rows = [
        (
            each["id"],
            each["person"],
            each["occurrence"],
            each["medium"],
            each["state"],
            each["reason"],
            moment(each["due_at"]),
            moment(each["sent_at"]),
        )
        for each in found
    ]
    headings = ("id", "person", "occurrence", "medium", "state", "reason", "due_at", "sent_at")
    operator.answer(found, lambda: operator.table(rows, headings))


def stats(operator: Operator, project: ProjectOption = None, occurrence: OccurrenceOption = None) -> None:
    """Count messages by channel, state and reason."""
    with operator.api() as api:
        path = f"{api.project(project)}/messages/statistics"
        counts = api.get(path, occurrence=occurrence)["counts"]
    headings = ("channel_id", "state", "reason", "count")
    rows = [tuple(each[name] for name in headings) for each in counts]
    operator.answer(counts, lambda: operator.table(rows, headings))


def resolve(operator: Operator, decision: DecisionArgument, project: ProjectOption = None) -> None:
    """Decide about all messages whose fate is unknown."""
    with operator.api() as api:
        answer = api.post(f"{api.project(project)}/messages/resolve", {"decision": decision})
    _say(operator, answer)


def cancel(
    operator: Operator,
    occurrence: Annotated[str, typer.Argument(help="The occurrence whose waiting messages are not sent.")],
    project: ProjectOption = None,
) -> None:
    """Take the messages of an occurrence out of the queue."""
    with operator.api() as api:
        answer = api.post(f"{api.project(project)}/messages/cancel", {"occurrence": occurrence})
    _say(operator, answer)


def _say(operator: Operator, answer: Any) -> None:
    changed = answer["changed"]
    done = operator.say(f"{changed:,} messages changed", f"已更改 {changed:,} 条消息")
    operator.answer(answer, lambda: operator.out.print(done))
