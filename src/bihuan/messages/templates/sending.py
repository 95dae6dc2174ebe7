"""Templates for the outbox: what each message of a batch says, with links to unsubscribe."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bihuan.database import Database
from bihuan.delivery import Content
from bihuan.messages.consent.linking import links_of, with_unsubscribe
from bihuan.messages.consent.purposes import PurposeValue, policy_of, purposes_of
from bihuan.messages.consent.tokens import Links
from bihuan.messages.errors import RenderingFailed, TemplateInvalid, TemplateNotFound, VariantUnknown
from bihuan.messages.outbox.ports import Draft, SendingProject, Unrendered
from bihuan.messages.templates.lookups import Kept, Lookups, Reading
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.scopes import scope
from bihuan.messages.templates.service import get_version, rendering_of, seal

NO_TEMPLATE = "template_missing"
UNRENDERED = "rendering_failed"
_MOST_KEPT = 200
_GIVEN = ("event", "campaign", "journey", "data")


class TemplateRenderer:
    """Renders drafts; versions that were sealed are compiled once. Thread-safe."""

    def __init__(self, database: Database, *, public_url: str = "") -> None:
        self._database = database
        self._public_url = public_url.rstrip("/")
        self._links = Links.of(database)
        self._lock = threading.Lock()
        self._compiled: OrderedDict[tuple[str, str, int], Rendering] = OrderedDict()

    def render(self, project: SendingProject, drafts: Sequence[Draft]) -> Mapping[int, Content | Unrendered]:
        """The content of each draft, by the id of its message."""
        project_id = project.row.id
        with self._database.read_session() as session:
            policy = policy_of(session, project_id)
            purposes = purposes_of(session, project_id)
        catalog = Lookups(self._database, project_id)
        made: dict[tuple[str | None, int | None, bool], tuple[Rendering | None, int]] = {}
        found: dict[int, Content | Unrendered] = {}
        for draft in drafts:
            message, around = draft.message, draft.surroundings
            key = (message.template_id, message.template_version, around.for_good)
            if key not in made:
                made[key] = self._rendering(project_id, *key)
            rendering, version = made[key]
            if rendering is None:
                found[message.id] = Unrendered(NO_TEMPLATE, message.template_id or "")
                continue
            if not around.kept:
                around.template = (message.template_id or "", version)
                around.base_url = policy.public_url or around.base_url or self._public_url
                around.project_name, around.company = project.row.name, policy.company
            purpose = purposes.get(message.purpose)
            found[message.id] = self._one(project, draft, rendering, purpose, catalog)
        return found

    def _one(
        self,
        project: SendingProject,
        draft: Draft,
        rendering: Rendering,
        purpose: PurposeValue | None,
        catalog: Mapping[str, Any],
    ) -> Content | Unrendered:
        message, recipient, around = draft.message, draft.recipient, draft.surroundings
        links = links_of(self._links, project.row.id, draft, around.base_url)
        context = message.context
        values = scope(
            person=recipient.properties,
            person_id=recipient.person_id,
            distinct_ids=[recipient.distinct_id],
            links={**links, **context.get("links", {})},
            project={"id": project.row.id, "name": around.project_name, "company": around.company},
            catalog=Kept(around.rows) if around.kept else Reading(catalog, around.rows),
            now=datetime.fromtimestamp(around.now_ms / 1000, UTC),
            time_zone=recipient.zone.key,
            **{name: context[name] for name in _GIVEN if isinstance(context.get(name), dict)},
        )
        values["message"] = {"id": str(message.id), "medium": draft.medium}
        try:
            content = rendering.render(values, variant=message.variant, language=context.get("language"))
        except (RenderingFailed, VariantUnknown) as fault:
            return Unrendered(UNRENDERED, fault.message("en"))
        return with_unsubscribe(content, links, purpose)

    def _rendering(
        self, project_id: str, template_id: str | None, version: int | None, for_good: bool
    ) -> tuple[Rendering | None, int]:
        """A version ready to be rendered, and its number; None where there is none."""
        if template_id is None:
            return None, 0
        try:
            if version is None and for_good:
                version = self._sealed(project_id, template_id)
            key = (project_id, template_id, version or 0)
            with self._lock:
                if version is not None and key in self._compiled:
                    self._compiled.move_to_end(key)
                    return self._compiled[key], version
            with self._database.read_session() as session:
                row = get_version(session, project_id, template_id, version)
                made = rendering_of(session, row)
                sealed, found = row.sealed_at is not None, row.version
        except TemplateNotFound:
            return None, 0
        if sealed and version is not None:
            with self._lock:
                self._compiled[key] = made
                if len(self._compiled) > _MOST_KEPT:
                    self._compiled.popitem(last=False)
        return made, found

    def _sealed(self, project_id: str, template_id: str) -> int:
        """The version of now, which stays as it is from now on. Raises ``TemplateNotFound``."""
        with self._database.read_session() as session:
            row = get_version(session, project_id, template_id)
            version, sealed = row.version, row.sealed_at is not None
        if not sealed:
            try:
                with self._database.session() as session:
                    seal(session, project_id, template_id, version)
            except TemplateInvalid:
                # Rendering it says what is wrong.
                pass
        return version
