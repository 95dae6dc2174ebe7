"""``bihuan member …``: who logs in, and the links that let them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bihuan.cli.command import Operator, ProjectOption, command, command_group
from bihuan.cli.errors import MemberUnknown
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Members: those who log in, what they may do, and the links that let them in.")

Email = Annotated[str, typer.Argument(help="E-mail address of the member.")]
Role = Annotated[
    Literal["owner", "director", "manager", "specialist", "analyst", "viewer"],
    typer.Option(help="What the member is in the project."),
]
# The name of a server that lives as long as the command; a browser needs the one that is to come.
_IN_PROCESS = "http://bihuan"


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="member")
    command(group, "list")(list_members)
    command(group, "setup-link")(setup_link)
    command(group, "invite")(invite)
    command(group, "change-role")(change_role)
    command(group, "remove")(remove)
    command(group, "reset-password")(reset_password)
    command(group, "remove-codes")(remove_codes)
    command(group, "disable")(disable)
    command(group, "enable")(enable)


def list_members(operator: Operator) -> None:
    """List everybody who has an account."""
    with operator.api() as api:
        members = list(api.items("/api/members"))
    rows = [
        (
            each["email"],
            each["name"],
            each["instance_owner"],
            each["totp_enabled"],
            moment(each["last_login_at"]),
            moment(each["disabled_at"]),
        )
        for each in members
    ]
    headings = ("e-mail", "name", "owns everything", "codes", "last log-in", "disabled")
    operator.answer(members, lambda: operator.table(rows, headings))


def setup_link(operator: Operator) -> None:
    """Show the link once more with which the first member is made."""
    with operator.api() as api:
        answer = _own_link(operator, api, api.post("/api/setup-link"))
    _show_link(operator, answer)


def invite(operator: Operator, email: Email, role: Role = "viewer", project: ProjectOption = None) -> None:
    """Invite somebody to a project. The link is shown this once; hand it over."""
    with operator.api() as api:
        body = {"email": email, "role": role}
        answer = _own_link(operator, api, api.post(f"{api.project(project)}/invitations", body))
    _show_link(operator, answer)


def change_role(operator: Operator, email: Email, role: Role, project: ProjectOption = None) -> None:
    """Give a member another role in a project."""
    with operator.api() as api:
        path = f"{api.project(project)}/members"
        answer = api.patch(f"{path}/{_id(api, path, email)}", {"role": role})
    operator.answer(answer, lambda: _show_member(operator, answer))


def remove(operator: Operator, email: Email, project: ProjectOption = None) -> None:
    """Take a member out of a project; the account stays."""
    with operator.api() as api:
        path = f"{api.project(project)}/members"
        api.delete(f"{path}/{_id(api, path, email)}")
    done = operator.say(f"{email} is removed.", f"{email} 已移出。")
    operator.answer({"removed": email}, lambda: operator.out.print(done, markup=False))


def reset_password(operator: Operator, email: Email) -> None:
    """Show a link with which a member chooses a new password; hand it over."""
    with operator.api() as api:
        member_id = _id(api, "/api/members", email)
        answer = _own_link(operator, api, api.post(f"/api/members/{member_id}/password-reset"))
    _show_link(operator, answer)


def remove_codes(operator: Operator, email: Email) -> None:
    """Let a member who lost the authenticator app log in without its codes."""
    _change(operator, email, {"totp_enabled": False})


def disable(operator: Operator, email: Email) -> None:
    """Let a member in no more, at once; what they made stays."""
    _change(operator, email, {"disabled": True})


def enable(operator: Operator, email: Email) -> None:
    """Let a disabled member in again."""
    _change(operator, email, {"disabled": False})


def _change(operator: Operator, email: str, change: dict[str, Any]) -> None:
    with operator.api() as api:
        answer = api.patch(f"/api/members/{_id(api, '/api/members', email)}", change)
    operator.answer(answer, lambda: _show_member(operator, answer))


def _id(api: Api, path: str, email: str) -> str:
    wanted = email.strip().lower()
    found = next((each["id"] for each in api.items(path) if each["email"] == wanted), None)
    if found is None:
        raise MemberUnknown(email=email)
    return str(found)


def _own_link(operator: Operator, api: Api, answer: dict[str, Any]) -> dict[str, Any]:
    if api.address != _IN_PROCESS:
        return answer
    served = f"http://{operator.settings.host}:{operator.settings.port}"
    return {**answer, "link": answer["link"].replace(_IN_PROCESS, served, 1)}


def _show_link(operator: Operator, answer: dict[str, Any]) -> None:
    shown = [("link", answer["link"]), ("expires_at", moment(answer["expires_at"]))]
    operator.answer(answer, lambda: operator.pairs(shown))


def _show_member(operator: Operator, member: dict[str, Any]) -> None:
    wanted = ("email", "name", "role", "instance_owner", "totp_enabled", "disabled_at")
    operator.pairs((name, member[name]) for name in wanted if name in member)
