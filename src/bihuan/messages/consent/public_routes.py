"""``/m/…``: pages for people, reached by the links in messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Project, Public
from bihuan.collect import language_of
from bihuan.database import Database
from bihuan.kernel.errors import Language
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent import pages, service
from bihuan.messages.consent.pages import Choice
from bihuan.messages.consent.purposes import DEFAULTS, Policy, PurposeValue, policy_of, purposes_of
from bihuan.messages.consent.service import Change
from bihuan.messages.consent.tokens import Link, Links, Use
from bihuan.messages.consent.upkeep import tell_soon
from bihuan.messages.consent.wording import MEDIUM_NAMES, words
from bihuan.messages.errors import LinkInvalid
from bihuan.messages.media import MEDIA

router = APIRouter(prefix="/m", include_in_schema=False)
Token = Annotated[str, Path(min_length=1, max_length=2_000)]
Lang = Annotated[Literal["en", "zh"] | None, Query()]
FormLang = Annotated[Literal["en", "zh"] | None, Form(alias="lang")]
# What is offered where a project has no channel yet.
_USUAL = ("email", "sms")
_FOR_PEOPLE = frozenset(("email", "sms", "push", "in_app"))


@dataclass(frozen=True)
class _Visit:
    """Who came by which link, and in which language they read."""

    request: Request
    database: Database
    visitor: Public
    link: Link
    token: str
    language: Language

    @property
    def here(self) -> str:
        return f"/m/{self.link.use}/{self.token}"

    def link_to(self, use: Use) -> str:
        """Another link for the same person."""
        other = replace(self.link, use=use, proof_id="", expires_ms=0)
        return f"/m/{use}/{Links.of(self.database).token(other)}"

    def how(self, source: str, wording: str) -> dict[str, str]:
        """The proof of what they do."""
        return {
            "source": source,
            "wording": wording,
            "language": self.language,
            "address": self.visitor.address,
            "message_id": self.link.message_id,
        }


@router.get("/preferences/{token}")
def preferences(visitor: Public, request: Request, token: Token, lang: Lang = None) -> HTMLResponse:
    """What somebody gets, to be changed."""
    return _visited(visitor, request, token, "preferences", lang, _show_preferences)


@router.post("/preferences/{token}")
def save_preferences(
    visitor: Public,
    request: Request,
    token: Token,
    allow: Annotated[list[str] | None, Form()] = None,
    lang: FormLang = None,
) -> HTMLResponse:
    """Keep what somebody ticked, and what they did not."""

    def save(visit: _Visit) -> HTMLResponse:
        _save(visit, frozenset(allow or ()))
        return _show_preferences(visit, words("saved", visit.language))

    return _visited(visitor, request, token, "preferences", lang, save)


@router.get("/unsubscribe/{token}")
def unsubscribe_page(visitor: Public, request: Request, token: Token, lang: Lang = None) -> HTMLResponse:
    """Ask before anything is done: programs that look into mails open links, too."""
    return _visited(visitor, request, token, "unsubscribe", lang, _ask_to_unsubscribe)


@router.post("/unsubscribe/{token}")
def unsubscribe(
    visitor: Public,
    request: Request,
    token: Token,
    everything: Annotated[str | None, Form(max_length=10)] = None,
    lang: FormLang = None,
) -> HTMLResponse:
    """Unsubscribe: by the button of the page, or in one click by a mail program (RFC 8058)."""

    def done(visit: _Visit) -> HTMLResponse:
        return _unsubscribed(visit, everything=everything is not None)

    return _visited(visitor, request, token, "unsubscribe", lang, done)


@router.get("/confirm/{token}")
def confirm_page(visitor: Public, request: Request, token: Token, lang: Lang = None) -> HTMLResponse:
    """Ask somebody to confirm what they agreed to."""
    return _visited(visitor, request, token, "confirm", lang, _ask_to_confirm)


@router.post("/confirm/{token}")
def confirm(visitor: Public, request: Request, token: Token, lang: FormLang = None) -> HTMLResponse:
    """Confirm it."""
    return _visited(visitor, request, token, "confirm", lang, _confirmed)


def _visited(
    visitor: Public,
    request: Request,
    token: str,
    use: Use,
    lang: Language | None,
    answer: Callable[[_Visit], HTMLResponse],
) -> HTMLResponse:
    accepted = {"accept-language": request.headers.get("accept-language", "")}
    language = lang or language_of(accepted)
    database: Database = request.app.state.database
    try:
        link = Links.of(database).read(token, use, now_ms=_now_ms())
        with database.read_session() as session:
            if session.get(Project, link.project_id) is None:
                raise LinkInvalid
        person = request.app.state.people(link.project_id).identities.person_of(link.person_id)
        visit = _Visit(request, database, visitor, replace(link, person_id=person), token, language)
        return answer(visit)
    except LinkInvalid as error:
        return pages.refused(error, language)


def preview(database: Database, project_id: str, language: Language) -> HTMLResponse:
    """The page of preferences as somebody sees it who said nothing so far; what is ticked goes nowhere."""
    with database.read_session() as session:
        offered = _offered(session, Link("preferences", project_id, 0))
    return _preferences_page(offered, "#", language, words("preview", language))


def _show_preferences(visit: _Visit, done: str = "") -> HTMLResponse:
    with visit.database.read_session() as session:
        offered = _offered(session, visit.link)
    return _preferences_page(offered, visit.here, visit.language, done)


def _preferences_page(
    offered: tuple[Policy, list[PurposeValue], list[Choice]], here: str, language: Language, done: str
) -> HTMLResponse:
    policy, purposes, choices = offered
    groups = [
        (each.name(language), each.description(language), [one for one in choices if one.purpose == each.key])
        for each in purposes
    ]
    content = [
        pages.said(done) if done else "",
        pages.sentence(words("lead", language)),
        pages.choices_form(here, groups, language),
        pages.sentence(words("always", language)),
    ]
    title = words("preferences", language)
    # A preview has no other language to go to: whoever looks at it chooses that beside it.
    return pages.page(title, content, language, company=policy.company, here=here.strip("#"))


def _save(visit: _Visit, wanted: frozenset[str]) -> None:
    now_ms = _now_ms()
    with visit.database.session() as session:
        _, purposes, choices = _offered(session, visit.link)
        named = {each.key: each for each in purposes}
        changes = []
        for each in choices:
            want = each.name in wanted
            if want == (each.allowed or each.pending):
                continue
            text = words(
                "agree" if want else "disagree",
                visit.language,
                purpose=named[each.purpose].name(visit.language),
                medium=MEDIUM_NAMES[each.medium][visit.language],
            )
            changes.append(
                Change(
                    visit.link.person_id,
                    each.purpose,
                    each.medium,
                    "given" if want else "withdrawn",
                    # Whoever opens the link of a mail reads mail at that address.
                    confirmed=each.medium == visit.link.medium,
                    **visit.how("preference_page", text),
                )
            )
        if changes:
            service.record(session, visit.link.project_id, changes, at_ms=now_ms)
    tell_soon(visit.request, visit.link.project_id)


def _ask_to_unsubscribe(visit: _Visit) -> HTMLResponse:
    language = visit.language
    with visit.database.read_session() as session:
        policy, purpose = _named(session, visit.link)
    name, medium = purpose.name(language), MEDIUM_NAMES[visit.link.medium][language]
    title = words("unsubscribe", language)
    content = [
        pages.sentence(words("unsubscribe_from", language, purpose=name, medium=medium)),
        pages.button(visit.here, title, {"lang": language}),
        pages.button(
            visit.here, words("unsubscribe_all", language), {"lang": language, "everything": "1"}, plain=True
        ),
        pages.link(visit.link_to("preferences"), words("change", language)),
    ]
    return pages.page(title, content, language, company=policy.company, here=visit.here)


def _unsubscribed(visit: _Visit, *, everything: bool) -> HTMLResponse:
    language, link, now_ms = visit.language, visit.link, _now_ms()
    with visit.database.session() as session:
        policy, purpose = _named(session, link)
        name, medium = purpose.name(language), MEDIUM_NAMES[link.medium][language]
        if everything:
            text = words("unsubscribed_all", language)
            how = visit.how("unsubscribe_page", text)
            service.withdraw_everything(session, link.project_id, link.person_id, MEDIA, at_ms=now_ms, **how)
        else:
            text = words("unsubscribed", language, purpose=name, medium=medium)
            how = visit.how("one_click", text)
            change = Change(link.person_id, link.purpose, link.medium, "withdrawn", **how)  # type: ignore[arg-type]
            service.record(session, link.project_id, [change], at_ms=now_ms)
    tell_soon(visit.request, link.project_id)
    content = [pages.said(text), pages.link(visit.link_to("preferences"), words("change", language))]
    return pages.page(words("unsubscribe", language), content, language, company=policy.company)


def _ask_to_confirm(visit: _Visit) -> HTMLResponse:
    language = visit.language
    with visit.database.read_session() as session:
        policy, purpose = _named(session, visit.link)
    text = _agreement(visit, purpose)
    title = words("confirm", language)
    content = [pages.sentence(text), pages.button(visit.here, title, {"lang": language})]
    return pages.page(title, content, language, company=policy.company, here=visit.here)


def _confirmed(visit: _Visit) -> HTMLResponse:
    language = visit.language
    with visit.database.session() as session:
        policy, purpose = _named(session, visit.link)
        text = _agreement(visit, purpose)
        address = visit.visitor.address
        service.confirm(
            session, visit.link, at_ms=_now_ms(), address=address, wording=text, language=language
        )
    tell_soon(visit.request, visit.link.project_id)
    content = [
        pages.said(words("confirmed", language)),
        pages.link(visit.link_to("preferences"), words("change", language)),
    ]
    return pages.page(words("confirm", language), content, language, company=policy.company)


def _agreement(visit: _Visit, purpose: PurposeValue) -> str:
    medium = MEDIUM_NAMES[visit.link.medium][visit.language]
    return words("agree", visit.language, purpose=purpose.name(visit.language), medium=medium)


def _named(session: Session, link: Link) -> tuple[Policy, PurposeValue]:
    if link.medium not in MEDIUM_NAMES:
        raise LinkInvalid
    purposes = purposes_of(session, link.project_id)
    # A purpose that was deleted since can still be unsubscribed from.
    purpose = purposes.get(link.purpose) or replace(DEFAULTS["marketing"], key=link.purpose)
    return policy_of(session, link.project_id), purpose


def _offered(session: Session, link: Link) -> tuple[Policy, list[PurposeValue], list[Choice]]:
    wanted = select(MessageChannel.medium).where(
        MessageChannel.project_id == link.project_id, MessageChannel.enabled
    )
    used = {*session.scalars(wanted.distinct()), *([link.medium] if link.medium else [])} & _FOR_PEOPLE
    media = [each for each in MEDIA if each in (used or _USUAL)]
    states = service.states_of(session, link.project_id, link.person_id)
    purposes = [
        each
        for each in purposes_of(session, link.project_id).values()
        if each.shown and each.kind == "marketing"
    ]
    choices = []
    for purpose in purposes:
        for medium in media:
            row = states.get((purpose.key, medium))
            state = row.state if row is not None else ""
            pending = state == "pending"
            by_default = purpose.rule(medium) in ("always", "unless_withdrawn") and not state
            choices.append(Choice(purpose.key, medium, state == "given" or by_default, pending))
    return policy_of(session, link.project_id), purposes, choices


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
