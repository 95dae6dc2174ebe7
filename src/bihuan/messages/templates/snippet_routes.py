"""``/api/projects/{project_id}/message-snippets`` and ``…/message-lookups``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Path, Query, UploadFile

from bihuan.access import ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, Search, author_of, newest_first
from bihuan.messages.templates import lookups, repository, snippets
from bihuan.messages.templates.models import Snippet
from bihuan.messages.templates.schemas import (
    LookupEntry,
    LookupTable,
    SnippetChange,
    SnippetInput,
    SnippetOutput,
)

router = APIRouter(prefix="/api/projects/{project_id}", tags=["message templates"])
Table = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


@router.get("/message-snippets")
def list_snippets(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[SnippetOutput]:
    """The snippets, the newest first, with what uses them."""
    wanted = repository.snippets(caller.project.id, search=search)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Snippet.id, cursor, limit)
        users = snippets.users_of(session, caller.project.id)
    return Page(items=[snippets.output(row, users[row.name]) for row in rows], next_cursor=after)


@router.post("/message-snippets", status_code=201)
def create_snippet(caller: InsightEditor, database: ControlDatabase, body: SnippetInput) -> SnippetOutput:
    """Keep a block that templates share: ``{% render "name" %}``."""
    with database.session() as session:
        row = snippets.create_snippet(session, caller.project.id, author_of(caller), body)
        target, after = ("message_snippet", row.id), {"name": row.name}
        project_id = caller.project.id
        record_change(session, caller, "message_snippet.created", target, project_id=project_id, after=after)
        return snippets.output(row, [])


@router.get("/message-snippets/{snippet_id}")
def get_snippet(caller: Viewer, database: ControlDatabase, snippet_id: Identifier) -> SnippetOutput:
    """One snippet, with what uses it."""
    with database.read_session() as session:
        row = snippets.get_snippet(session, caller.project.id, snippet_id)
        return snippets.output(row, snippets.users_of(session, caller.project.id)[row.name])


@router.patch("/message-snippets/{snippet_id}")
def change_snippet(
    caller: InsightEditor, database: ControlDatabase, snippet_id: Identifier, body: SnippetChange
) -> SnippetOutput:
    """Give it new values; what was sent with keeps the text it had."""
    with database.session() as session:
        row = snippets.change_snippet(session, caller.project.id, snippet_id, body)
        session.flush()
        target, after = ("message_snippet", row.id), {"name": row.name}
        project_id = caller.project.id
        record_change(session, caller, "message_snippet.changed", target, project_id=project_id, after=after)
        return snippets.output(row, snippets.users_of(session, caller.project.id)[row.name])


@router.delete("/message-snippets/{snippet_id}", status_code=204)
def delete_snippet(caller: InsightEditor, database: ControlDatabase, snippet_id: Identifier) -> None:
    """Delete a snippet that nothing uses."""
    with database.session() as session:
        name = snippets.delete_snippet(session, caller.project.id, snippet_id)
        target, before = ("message_snippet", snippet_id), {"name": name}
        project_id = caller.project.id
        record_change(
            session, caller, "message_snippet.deleted", target, project_id=project_id, before=before
        )


@router.get("/message-lookups")
def list_lookups(caller: Viewer, database: ControlDatabase) -> list[LookupTable]:
    """The look-up tables: ``catalog`` in templates."""
    with database.read_session() as session:
        found = lookups.tables(session, caller.project.id)
    return [LookupTable(name=name, rows=rows) for name, rows in found.items()]


@router.put("/message-lookups/{name}")
def replace_lookup(
    caller: InsightEditor,
    database: ControlDatabase,
    name: Table,
    file: Annotated[UploadFile, File(description="CSV with a heading; the key is in the first column.")],
) -> LookupTable:
    """Make a look-up table what a file says; UTF-8 or GBK."""
    content = file.file.read()
    with database.session() as session:
        rows = lookups.replace(session, caller.project.id, name, content)
        target, after = ("message_lookup", name), {"rows": rows}
        project_id = caller.project.id
        record_change(session, caller, "message_lookup.replaced", target, project_id=project_id, after=after)
    return LookupTable(name=name, rows=rows)


@router.get("/message-lookups/{name}")
def lookup_rows(
    caller: Viewer,
    database: ControlDatabase,
    name: Table,
    after: Annotated[
        str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Rows behind this key.")
    ] = "",
    limit: Limit = 100,
) -> list[LookupEntry]:
    """Rows of a look-up table, by key."""
    with database.read_session() as session:
        rows = lookups.rows_of(session, caller.project.id, name, after, limit)
    return [LookupEntry.model_validate(row) for row in rows]


@router.delete("/message-lookups/{name}", status_code=204)
def delete_lookup(caller: InsightEditor, database: ControlDatabase, name: Table) -> None:
    """Delete a look-up table."""
    with database.session() as session:
        rows = lookups.remove(session, caller.project.id, name)
        target, before = ("message_lookup", name), {"rows": rows}
        project_id = caller.project.id
        record_change(session, caller, "message_lookup.deleted", target, project_id=project_id, before=before)
