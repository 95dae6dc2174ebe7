"""``bihuan prediction …``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.subjects import find
from bihuan.cli.errors import RefreshFailed
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Predictions: tags by models of churn, outcomes and value.")

PredictionArgument = Annotated[str, typer.Argument(help="Name or id of the tag.")]
_POLL_SECONDS = 0.25


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="prediction")
    command(group, "list")(list_predictions)
    command(group, "show")(show)
    command(group, "train")(train)
    command(group, "people")(people)


def list_predictions(operator: Operator, project: ProjectOption = None, limit: LimitOption = 200) -> None:
    """List predictions, the newest first, with how good they are."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/predictions", limit))
    rows = [
        (
            each["id"],
            each["name"],
            each["kind"],
            each["state"],
            None if each["auc"] is None else round(each["auc"]["value"], 3),
            None if each["total"] is None else round(each["total"], 2),
            moment(each["refreshed_at"]),
            None if each["error"] is None else each["error"][operator.language],
        )
        for each in found
    ]
    headings = ("id", "name", "kind", "state", "auc", "total", "refreshed_at", "error")
    operator.answer(found, lambda: operator.table(rows, headings))


def show(operator: Operator, prediction: PredictionArgument, project: ProjectOption = None) -> None:
    """Show the report of a model, or why it was refused."""
    with operator.api() as api:
        found = _found(api, api.project(project), prediction)
    operator.answer(found, lambda: operator.pairs(_figures(found, operator.language).items()))


def train(operator: Operator, prediction: PredictionArgument, project: ProjectOption = None) -> None:
    """Train a model anew, and say it of everybody."""
    with operator.api(work=True) as api:
        where = api.project(project)
        before = _found(api, where, prediction)
        job = api.post(f"{where}/predictions/{before['id']}/train")
        while job["state"] in ("queued", "running"):
            time.sleep(_POLL_SECONDS)
            job = api.get(f"{where}/jobs/{job['id']}")
        found = api.get(f"{where}/predictions/{before['id']}")
        if job["state"] != "succeeded":
            error = found["error"] or {"en": job["error"] or job["state"], "zh": job["error"] or job["state"]}
            raise RefreshFailed(name=found["name"], reason=error["en"], reason_zh=error["zh"])
    operator.answer(found, lambda: operator.pairs(_figures(found, operator.language).items()))


def people(
    operator: Operator,
    prediction: PredictionArgument,
    project: ProjectOption = None,
    of: Annotated[
        str | None, typer.Option("--of", help="Of one person instead: any id, or # and the person id.")
    ] = None,
    limit: LimitOption = 20,
) -> None:
    """Show who is most at risk or will be worth most, and why."""
    with operator.api() as api:
        where = api.project(project)
        path = f"{where}/predictions/{find(api, where, 'tags', prediction)['id']}"
        if of is None:
            found = list(api.items(f"{path}/people", limit))
        else:
            found = [api.get(f"{path}/of-person", person=of)]
    rows = [
        (
            (each["person"]["distinct_ids"] or [each["person"]["person_id"]])[0],
            each["value"],
            round(each["score"], 4),
            "; ".join(reason[f"sentence_{operator.language}"] for reason in each["reasons"]),
        )
        for each in found
    ]
    operator.answer(found, lambda: operator.table(rows, ("person", "value", "score", "reasons")))


def _found(api: Api, where: str, wanted: str) -> dict[str, Any]:
    tag = find(api, where, "tags", wanted)
    found: dict[str, Any] = api.get(f"{where}/predictions/{tag['id']}")
    return found


def _figures(found: dict[str, Any], language: str) -> dict[str, Any]:
    """The few figures that say how good a model is."""
    shown = {name: found[name] for name in ("id", "name", "kind", "state")}
    if found["last_run"] and found["last_run"]["refusal"]:
        shown["error"] = found["last_run"]["refusal"][language]
    report = found["report"] or {}
    if "test" in report:
        test = report["test"]
        shown |= {"auc": round(test["auc"]["value"], 3), "lift": round(test["lift"]["value"], 2)}
        shown["brier"] = f"{test['brier']:.4f} ({test['brier_of_rate']:.4f})"
    sizes = report.get("levels") or report.get("tiers") or []
    shown |= {each["value"]: each["people"] for each in sizes}
    if found["total"] is not None:
        shown["total"] = round(found["total"], 2)
    return shown
