"""What messages say as their channels send it: templates or content brought along, with tracked links."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bihuan.database import Database
from bihuan.delivery import Call, Content, Mail, Post, Push, Sms
from bihuan.kernel.errors import BihuanError
from bihuan.messages.consent.linking import links_of, with_unsubscribe
from bihuan.messages.consent.purposes import policy_of, purposes_of
from bihuan.messages.consent.tokens import Links as PageLinks
from bihuan.messages.outbox.ports import Draft, Renderer, SendingProject, Unrendered
from bihuan.messages.outbox.preparing import WRONG_MEDIUM
from bihuan.messages.templates.bodies import Body
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.scopes import scope
from bihuan.messages.tracking.links import Links
from bihuan.messages.tracking.tokens import Tokens

CONTENT_INVALID = "content_invalid"
FAILED = "rendering_failed"
_CONTENTS: dict[str, type[Any]] = {
    "email": Mail,
    "sms": Sms,
    "push": Push,
    "bot": Post,
    "in_app": Call,
    "webhook": Call,
}


class MessageRenderer:
    """Renders messages of any project.

    A message without a template brings its content along: ``context["content"]``, as templates have it. A
    fallback to another medium takes the template that ``context["templates"][medium]`` names.

    Args:
        templates: renders templates.
        tokens: sign the links that lead through this installation.
        public_url: where people reach it, unless the project says otherwise.
    """

    def __init__(
        self, database: Database, templates: Renderer, tokens: Tokens, *, public_url: str = ""
    ) -> None:
        self._database = database
        self._templates = templates
        self._tokens = tokens
        self._pages = PageLinks.of(database)
        self._public_url = public_url

    def render(self, project: SendingProject, drafts: Sequence[Draft]) -> Mapping[int, Content | Unrendered]:
        """The content of each draft, by the id of its message."""
        project_id = project.row.id
        with self._database.read_session() as session:
            policy = policy_of(session, project_id)
            purposes = purposes_of(session, project_id)
        base = policy.public_url or self._public_url
        for each in drafts:
            around = each.surroundings
            if not around.kept:
                around.base_url, around.project_name, around.company = base, project.row.name, policy.company
        named = [_of_medium(each) for each in drafts]
        by_template = [each for each in named if each.message.template_id is not None]
        said = dict(self._templates.render(project, by_template)) if by_template else {}
        compiled: dict[str, Rendering] = {}
        for each in named:
            if each.message.template_id is None:
                pages = links_of(self._pages, project_id, each, each.surroundings.base_url)
                content = _brought(project, each, compiled, pages)
                if not isinstance(content, Unrendered):
                    content = with_unsubscribe(content, pages, purposes.get(each.message.purpose))
                said[each.message.id] = content
        links = {url: Links(self._tokens, url) for url in {each.surroundings.base_url for each in named}}
        return {
            each.message.id: _sendable(
                said[each.message.id], each, links[each.surroundings.base_url], project_id
            )
            for each in named
        }


def _of_medium(draft: Draft) -> Draft:
    if draft.surroundings.kept:
        template_id, version = draft.surroundings.template or (None, None)
    else:
        named = (draft.message.context.get("templates") or {}).get(draft.medium)
        if not isinstance(named, dict):
            return draft
        template_id, version = named.get("template_id"), named.get("template_version")
    message = dataclasses.replace(draft.message, template_id=template_id, template_version=version)
    return dataclasses.replace(draft, message=message)


def _brought(
    project: SendingProject, draft: Draft, compiled: dict[str, Rendering], links: Mapping[str, str]
) -> Content | Unrendered:
    person, context = draft.recipient, draft.message.context
    try:
        content = {"medium": draft.medium, **(context.get("content") or {})}
        key = json.dumps(content, sort_keys=True)
        made = compiled.get(key)
        if made is None:
            body = Body.model_validate({"variants": {"a": {"zh-CN": content}}})
            made = compiled[key] = Rendering(body)
        if made.medium != draft.medium:
            return Unrendered(WRONG_MEDIUM, made.medium)
        values = scope(
            person=person.properties,
            person_id=person.person_id,
            distinct_ids=[person.distinct_id],
            project={"id": project.row.id, "name": draft.surroundings.project_name},
            data=context.get("data"),
            links=links,
            now=datetime.fromtimestamp(draft.surroundings.now_ms / 1000, UTC),
            time_zone=person.zone.key,
        )
        return made.render(values)
    except BihuanError as error:
        return Unrendered(FAILED, error.message("en"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        return Unrendered(CONTENT_INVALID, f"{place}: {first['msg']}")


def _sendable(said: Any, draft: Draft, links: Links, project_id: str) -> Content | Unrendered:
    if isinstance(said, Unrendered):
        return said
    if not isinstance(said, _CONTENTS[draft.medium]):
        return Unrendered(WRONG_MEDIUM, type(said).__name__.lower())
    content: Content = said
    return links.tracked(content, project_id, str(draft.message.id))
