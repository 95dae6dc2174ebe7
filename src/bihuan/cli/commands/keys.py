"""``bihuan key …``: write keys for sending, API keys for asking and changing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bihuan.cli.command import Operator, ProjectOption, command, command_group
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Keys: write keys (wk_…, public) send events; API keys (bk_…, secret) do the rest.")

Kind = Literal["write", "api"]
Instance = Annotated[
    bool, typer.Option("--instance", help="API keys of the whole instance, not of a project.")
]
WRITE_KEY_PREFIX = "wk_"


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="key")
    command(group, "list")(list_keys)
    command(group, "create")(create)
    command(group, "revoke")(revoke)


def list_keys(operator: Operator, project: ProjectOption = None, instance: Instance = False) -> None:
    """List write keys and API keys; secrets are never shown again."""
    with operator.api() as api:
        write: list[dict[str, Any]] = []
        if not instance:
            path = api.project(project)
            names = {each["id"]: each["name"] for each in api.items(f"{path}/sources")}
            write = [
                {**each, "source": names.get(each["source_id"])} for each in api.items(f"{path}/write-keys")
            ]
        api_keys = list(api.items(_api_keys(api, project, instance)))
    operator.answer(
        {"write_keys": write, "api_keys": api_keys}, lambda: _show_list(operator, write, api_keys)
    )


def create(
    operator: Operator,
    kind: Annotated[Kind, typer.Argument(help="write or api")],
    project: ProjectOption = None,
    source: Annotated[str, typer.Option(help="Of a write key: its source, made when new.")] = "default",
    name: Annotated[str, typer.Option(help="Of an API key: what it is for.")] = "command line",
    scope: Annotated[
        list[str] | None, typer.Option(help="Of an API key: read, write, admin. Can be repeated.")
    ] = None,
    expires_at: Annotated[str | None, typer.Option(help="Of an API key: ISO time with its offset.")] = None,
    instance: Instance = False,
) -> None:
    """Make a key. The secret of an API key is shown this once."""
    with operator.api() as api:
        if kind == "write":
            path = api.project(project)
            answer = api.post(f"{path}/write-keys", {"source_id": _source_id(api, path, source)})
        else:
            body = {"name": name, "scopes": scope or ["read"], "expires_at": expires_at}
            answer = api.post(_api_keys(api, project, instance), body)
    operator.answer(answer, lambda: operator.pairs(answer.items()))


def revoke(
    operator: Operator,
    which: Annotated[str, typer.Argument(help="A write key, or the id of an API key.")],
    project: ProjectOption = None,
    instance: Instance = False,
) -> None:
    """End a key at once."""
    with operator.api() as api:
        if which.startswith(WRITE_KEY_PREFIX):
            answer = api.delete(f"{api.project(project)}/write-keys/{which}")
        else:
            answer = api.delete(f"{_api_keys(api, project, instance)}/{which}")
    operator.answer(answer, lambda: operator.pairs(answer.items()))


def _api_keys(api: Api, project: str | None, instance: bool) -> str:
    return "/api/keys" if instance else f"{api.project(project)}/api-keys"


def _source_id(api: Api, path: str, name: str) -> str:
    found = next((each["id"] for each in api.items(f"{path}/sources") if each["name"] == name), None)
    return str(found or api.post(f"{path}/sources", {"name": name})["id"])


def _show_list(operator: Operator, write: list[dict[str, Any]], api_keys: list[dict[str, Any]]) -> None:
    say = operator.say
    rows: list[tuple[Any, ...]] = [
        (each["key"], each["source"], moment(each["created_at"]), moment(each["revoked_at"]))
        for each in write
    ]
    if rows:
        headings = ("key", "source", "created", "revoked")
        operator.table(rows, headings, title=say("Write keys", "写入密钥"))
    secrets: list[tuple[Any, ...]] = [
        (
            each["id"],
            each["name"],
            "…" + each["secret_ending"],
            each["scopes"],
            moment(each["created_at"]),
            moment(each["last_used_at"]),
            moment(each["revoked_at"]),
        )
        for each in api_keys
    ]
    columns = ("id", "name", "secret", "scopes", "created", "used", "revoked")
    operator.table(secrets, columns, title=say("API keys", "API 密钥"))
