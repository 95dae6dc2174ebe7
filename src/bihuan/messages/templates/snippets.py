"""Making and changing snippets, and what uses them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.database import utc_now
from bihuan.insights import Author
from bihuan.messages.errors import SnippetExists, SnippetNotFound, SnippetUsed, TemplateInvalid
from bihuan.messages.templates import repository
from bihuan.messages.templates.bodies import Body
from bihuan.messages.templates.compiling import FieldRefused, Snippets, compile_field, compile_mail
from bihuan.messages.templates.liquid import environment
from bihuan.messages.templates.mjml import rendered_names
from bihuan.messages.templates.models import Snippet
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.schemas import SnippetChange, SnippetInput, SnippetOutput, UserOfSnippet
from bihuan.messages.templates.service import used_snippets

_PAGE = "<mjml><mj-body>\n{}\n</mj-body></mjml>"


def create_snippet(session: Session, project_id: str, author: Author, given: SnippetInput) -> Snippet:
    """Keep a snippet that can be read. Raises ``SnippetExists``, ``TemplateInvalid``."""
    row = Snippet(project_id=project_id, created_by=author.model_dump(), **given.model_dump())
    _readable(session, row)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise SnippetExists(name=given.name, path="name") from error
    return row


def get_snippet(session: Session, project_id: str, snippet_id: str) -> Snippet:
    """One snippet. Raises ``SnippetNotFound``."""
    found = session.scalar(repository.snippets(project_id).where(Snippet.id == snippet_id))
    if found is None:
        raise SnippetNotFound(snippet_id=snippet_id)
    return found


def change_snippet(session: Session, project_id: str, snippet_id: str, change: SnippetChange) -> Snippet:
    """Give a snippet new values; what uses it must still compile.

    Raises:
        SnippetNotFound, TemplateInvalid.
    """
    row = get_snippet(session, project_id, snippet_id)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(row, name, value)
    row.updated_at = utc_now()
    _readable(session, row)
    stored = repository.stored_snippets(session, project_id) | {row.name: repository.stored(row)}
    for template, kept in repository.current_bodies(session, project_id):
        body = Body.model_validate(kept)
        if row.name not in used_snippets(body, stored):
            continue
        problems = Rendering(body, stored).problems
        if problems:
            place = f"{template.name}: {problems[0].place}"
            raise TemplateInvalid(
                place=place, reason_en=problems[0].en, reason_zh=problems[0].zh, path="texts"
            )
    return row


def delete_snippet(session: Session, project_id: str, snippet_id: str) -> str:
    """Delete a snippet that nothing uses; returns its name. Raises ``SnippetNotFound``, ``SnippetUsed``."""
    row = get_snippet(session, project_id, snippet_id)
    users = users_of(session, project_id)[row.name]
    if users:
        raise SnippetUsed(name=row.name, users=", ".join(each.name for each in users))
    session.delete(row)
    return row.name


def users_of(session: Session, project_id: str) -> dict[str, list[UserOfSnippet]]:
    """What uses each snippet now, by its name: templates, by way of other snippets too, and these."""
    rows = list(session.scalars(repository.snippets(project_id)))
    stored = {row.name: repository.stored(row) for row in rows}
    found: dict[str, list[UserOfSnippet]] = {row.name: [] for row in rows}
    for row in rows:
        for text in row.texts.values():
            for name in rendered_names(text):
                user = UserOfSnippet(kind="snippet", id=row.id, name=row.name)
                if name in found and user not in found[name]:
                    found[name].append(user)
    for template, body in repository.current_bodies(session, project_id):
        for name in used_snippets(Body.model_validate(body), stored):
            found[name].append(UserOfSnippet(kind="template", id=template.id, name=template.name))
    return found


def output(row: Snippet, users: list[UserOfSnippet]) -> SnippetOutput:
    """A snippet on the wire."""
    names = [name for name in SnippetOutput.model_fields if name != "used_in"]
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    return SnippetOutput.model_validate({**shown, "used_in": users})


def _readable(session: Session, row: Snippet) -> None:
    with session.no_autoflush:
        others = repository.stored_snippets(session, row.project_id)
    for language, text in row.texts.items():
        blocks = {
            name: each["texts"].get(language, "") for name, each in others.items() if each["format"] == "mjml"
        }
        env = environment({}, html=row.format != "text")
        try:
            if row.format == "mjml":
                page = (
                    _PAGE.format(text)
                    if text.lstrip().startswith(("<mj-section", "<mj-wrapper", "<mj-raw"))
                    else ""
                )
                if page:
                    compile_mail(page, mjml=True, html_env=env, text_env=env, snippets=Snippets({}, blocks))
            else:
                compile_field("texts", text, env, Snippets())
        except FieldRefused as refused:
            fault = refused.problem
            shift = 1 if row.format == "mjml" and fault.line is not None and not fault.snippet else 0
            place = f"{language or '*'}:{(fault.line or 1) - shift}:{fault.column or 1}"
            raise TemplateInvalid(
                place=place, reason_en=fault.en, reason_zh=fault.zh, path=f"texts.{language}"
            ) from refused
