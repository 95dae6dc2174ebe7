"""What real people would get, with their personal data as the caller may see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bihuan.access import Mask, Project
from bihuan.database import Database
from bihuan.delivery import sms_segments
from bihuan.messages.errors import RenderingFailed
from bihuan.messages.media import Medium
from bihuan.messages.templates.designs import designs
from bihuan.messages.templates.lookups import Lookups
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.schemas import (
    DesignOutput,
    Preview,
    SmsLengthOutput,
    TemplatePreviewInput,
    problem_output,
)
from bihuan.messages.templates.scopes import LINKS, scope
from bihuan.people import People
from bihuan.people.errors import PersonNotFound

_LINK = "https://example.com/{}"


def previews(
    database: Database,
    project: Project,
    people: People,
    made: Rendering,
    asked: TemplatePreviewInput,
    mask: Mask,
) -> tuple[list[Preview], list[Mapping[str, Any]]]:
    """What each of the people would get; and, of whom was found, what was shown of them.

    Values are masked before they are put in, so that no filter can take them apart.

    Raises:
        VariantUnknown.
    """
    catalog = Lookups(database, project.id)
    found: list[Preview] = []
    seen: list[Mapping[str, Any]] = []
    for name in asked.people:
        try:
            summary = people.get(name).summary
        except PersonNotFound:
            found.append(_nobody(mask.text(name), made))
            continue
        event = _event(people, name, asked, mask)
        who = _Reader(
            mask.properties(summary.properties), summary.person_id, mask.texts(summary.distinct_ids)
        )
        found.append(_one(mask.text(name), made, asked, _scope(project, who, asked, event, catalog)))
        seen += [summary.seen(), event]
    if asked.sample is not None:
        invented = _event(people, "", asked, mask) if asked.event_properties is not None else {}
        who = _Reader(asked.sample, 0, ["sample"])
        found.append(_one("", made, asked, _scope(project, who, asked, invented, catalog)))
    return found, seen


def designs_shown(project: Project) -> list[DesignOutput]:
    """The designs, each language as the made-up person of the design would see it."""
    found = []
    for design in designs():
        made = Rendering(design.body)
        shown: dict[str, dict[str, Any]] = {}
        for language, sample in design.samples.items():
            values = scope(
                person=sample.get("person", {}),
                event=sample.get("event"),
                campaign=sample.get("campaign"),
                person_id=0,
                distinct_ids=["sample"],
                links={each: _LINK.format(each) for each in LINKS},
                project={"id": project.id, "name": project.name, "currency": project.currency},
                time_zone=project.time_zone,
            )
            said = made.preview(values, language=language)[1]
            shown[language] = {} if said is None else dataclasses.asdict(said)
        found.append(
            DesignOutput(
                key=design.key,
                medium=made.medium,  # type: ignore[arg-type]
                purpose=design.purpose,
                name=dict(design.name),
                about=dict(design.about),
                body=design.body,
                samples={language: {**each} for language, each in design.samples.items()},  # type: ignore[dict-item]
                shown=shown,
            )
        )
    return found


@dataclasses.dataclass(frozen=True)
class _Reader:
    properties: Mapping[str, Any]
    person_id: int
    distinct_ids: list[str]


def _one(name: str, made: Rendering, asked: TemplatePreviewInput, values: Mapping[str, Any]) -> Preview:
    try:
        part, content, problems = made.preview(values, variant=asked.variant, language=asked.language)
    except RenderingFailed:
        return _unread(name, made, asked)
    medium: Medium = part.medium  # type: ignore[assignment]
    shown = None if content is None else dataclasses.asdict(content)
    return Preview(
        person=name,
        found=True,
        variant=part.variant,
        language=part.language,
        medium=medium,
        content=shown,
        sms=_sms(medium, shown),
        problems=[problem_output(each) for each in problems],
    )


def _unread(name: str, made: Rendering, asked: TemplatePreviewInput) -> Preview:
    """Of a part that cannot be compiled: nothing but what is wrong with it."""
    where = {"variant": asked.variant or made.variants[0], "language": asked.language or ""}
    found = [
        each
        for each in made.problems
        if each.variant == where["variant"] and where["language"] in ("", each.language)
    ]
    empty = _nobody(name, made)
    return empty.model_copy(
        update={**where, "found": True, "problems": [problem_output(each) for each in found or made.problems]}
    )


def _scope(
    project: Project,
    who: _Reader,
    asked: TemplatePreviewInput,
    event: Mapping[str, Any],
    catalog: Mapping[str, Any],
) -> dict[str, Any]:
    return scope(
        person=who.properties,
        person_id=who.person_id,
        distinct_ids=who.distinct_ids,
        event=event,
        campaign=asked.campaign,
        journey=asked.journey,
        data=asked.data,
        links={each: _LINK.format(each) for each in LINKS},
        project={"id": project.id, "name": project.name, "currency": project.currency},
        catalog=catalog,
        time_zone=project.time_zone,
    )


def _event(people: People, name: str, asked: TemplatePreviewInput, mask: Mask) -> dict[str, Any]:
    if asked.event_properties is not None or asked.event is None:
        named = {"name": asked.event} if asked.event else {}
        return {**(asked.event_properties or {}), **named}
    events, _ = people.timeline(name, events=[asked.event], limit=1)
    if not events:
        return {}
    last = events[0]
    return {**mask.properties(last.properties), "name": last.event, "time": last.time_ms}


def _nobody(name: str, made: Rendering) -> Preview:
    medium: Medium = made.medium  # type: ignore[assignment]
    return Preview(
        person=name,
        found=False,
        variant="",
        language="",
        medium=medium,
        content=None,
        sms=None,
        problems=[],
    )


def _sms(medium: Medium, content: Mapping[str, Any] | None) -> SmsLengthOutput | None:
    if medium != "sms" or content is None or not content["text"]:
        return None
    found = sms_segments(content["text"], content["signature"])
    return SmsLengthOutput(letters=found.length, segments=found.segments, unicode=found.encoding == "ucs2")
