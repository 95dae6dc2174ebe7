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
from bihuan.messages.consent.purposes import Policy, PurposeValue, policy_of, purposes_of
from bihuan.messages.consent.tokens import Links
from bihuan.messages.errors import RenderingFailed, TemplateNotFound, VariantUnknown
from bihuan.messages.outbox.ports import Draft, SendingProject, Unrendered
from bihuan.messages.templates.lookups import Lookups
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.scopes import scope
from bihuan.messages.templates.service import get_version, rendering_of

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
        base = policy.public_url or self._public_url
        made: dict[tuple[str | None, int | None], Rendering | None] = {}
        found: dict[int, Content | Unrendered] = {}
        for draft in drafts:
            key = (draft.message.template_id, draft.message.template_version)
            if key not in made:
                made[key] = self._rendering(project_id, *key)
            rendering = made[key]
            if rendering is None:
                found[draft.message.id] = Unrendered(NO_TEMPLATE, draft.message.template_id or "")
                continue
            purpose = purposes.get(draft.message.purpose)
            found[draft.message.id] = self._one(project, draft, rendering, purpose, policy, base, catalog)
        return found

    def _one(
        self,
        project: SendingProject,
        draft: Draft,
        rendering: Rendering,
        purpose: PurposeValue | None,
        policy: Policy,
        base: str,
        catalog: Mapping[str, Any],
    ) -> Content | Unrendered:
        message, recipient = draft.message, draft.recipient
        links = links_of(self._links, project.row.id, draft, base)
        context = message.context
        values = scope(
            person=recipient.properties,
            person_id=recipient.person_id,
            distinct_ids=[recipient.distinct_id],
            links={**links, **context.get("links", {})},
            project={"id": project.row.id, "name": project.row.name, "company": policy.company},
            catalog=catalog,
            now=datetime.now(UTC).astimezone(recipient.zone),
            time_zone=recipient.zone.key,
            **{name: context[name] for name in _GIVEN if isinstance(context.get(name), dict)},
        )
        values["message"] = {"id": str(message.id), "medium": draft.medium}
        try:
            content = rendering.render(values, variant=message.variant, language=context.get("language"))
        except (RenderingFailed, VariantUnknown) as fault:
            return Unrendered(UNRENDERED, fault.message("en"))
        return with_unsubscribe(content, links, purpose)

    def _rendering(self, project_id: str, template_id: str | None, version: int | None) -> Rendering | None:
        if template_id is None:
            return None
        key = (project_id, template_id, version or 0)
        with self._lock:
            if version is not None and key in self._compiled:
                self._compiled.move_to_end(key)
                return self._compiled[key]
        try:
            with self._database.read_session() as session:
                row = get_version(session, project_id, template_id, version)
                made = rendering_of(session, row)
                sealed = row.sealed_at is not None
        except TemplateNotFound:
            return None
        if sealed and version is not None:
            with self._lock:
                self._compiled[key] = made
                if len(self._compiled) > _MOST_KEPT:
                    self._compiled.popitem(last=False)
        return made
