"""Compiled once, rendered many times: what a template says to one person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.delivery.port import Call, Content, Mail, Post, Push, Sms
from bihuan.messages.errors import RenderingFailed, VariantUnknown
from bihuan.messages.templates.bodies import Body, choose_language, source_fields
from bihuan.messages.templates.compiling import (
    Compiled,
    FieldRefused,
    Snippets,
    compile_field,
    compile_mail,
)
from bihuan.messages.templates.liquid import environment, noted
from bihuan.messages.templates.plain_text import tidy
from bihuan.messages.templates.problems import Problem

SNIPPET_FORMATS = ("text", "html", "mjml")
StoredSnippets = Mapping[str, Mapping[str, Any]]
"""Name to ``{"format": …, "texts": {language: text}}``; the language "" is for every one."""


@dataclass(frozen=True)
class Part:
    """One variant in one language."""

    variant: str
    language: str
    medium: str
    fixed: Mapping[str, Any]
    fields: Mapping[str, Compiled]

    def render(self, scope: Mapping[str, Any]) -> Content:
        """What it says. Raises ``FieldRefused``."""
        said = {name: compiled.render(scope) for name, compiled in self.fields.items()}
        return _WRITTEN[self.medium](self, said)


class Rendering:
    """A version of a template, ready to be rendered; safe for threads.

    Attributes:
        problems: why some parts could not be compiled; asking for one of these is an error.
    """

    def __init__(self, body: Body, snippets: StoredSnippets | None = None) -> None:
        self.medium = body.medium
        self.body = body
        self.problems: list[Problem] = []
        self._parts: dict[str, dict[str, Part]] = {}
        in_language: dict[str, Snippets] = {}
        for variant, contents in body.variants.items():
            self._parts[variant] = {}
            for language, content in contents.items():
                if language not in in_language:
                    in_language[language] = snippets_in(snippets or {}, language, body)
                part, problems = compile_part(variant, language, content, in_language[language])
                self.problems += problems
                if part is not None:
                    self._parts[variant][language] = part

    @property
    def variants(self) -> list[str]:
        """Their keys, in order."""
        return list(self._parts)

    def parts(self) -> list[Part]:
        """Everything that could be compiled."""
        return [part for by_language in self._parts.values() for part in by_language.values()]

    def part(self, scope: Mapping[str, Any], variant: str | None = None, language: str | None = None) -> Part:
        """The part for somebody: ``language`` left out is that of ``person`` in the scope.

        Raises:
            VariantUnknown; RenderingFailed: it could not be compiled.
        """
        key = variant or next(iter(self._parts))
        available = self.body.variants.get(key)
        if available is None:
            raise VariantUnknown(variant=key, variants=", ".join(self._parts), path="variant")
        wanted = language if language is not None else language_of_person(scope)
        chosen = choose_language(wanted, list(available), self.body.fallbacks, self.body.default_language)
        part = self._parts[key].get(chosen)
        if part is None:
            raise _failed([each for each in self.problems if (each.variant, each.language) == (key, chosen)])
        return part

    def render(
        self, scope: Mapping[str, Any], *, variant: str | None = None, language: str | None = None
    ) -> Content:
        """What the template says with the values of ``scope`` (see ``scopes.scope``).

        Raises:
            VariantUnknown; RenderingFailed: a name has no value, or something cannot be worked out.
        """
        part = self.part(scope, variant, language)
        try:
            return part.render(scope)
        except FieldRefused as refused:
            where = {"variant": part.variant, "language": part.language}
            raise _failed([refused.problem.inside(**where)]) from refused

    def preview(
        self, scope: Mapping[str, Any], *, variant: str | None = None, language: str | None = None
    ) -> tuple[Part, Content | None, list[Problem]]:
        """The same with blanks for what is missing, and everything that is. None when it fails even so."""
        part = self.part(scope, variant, language)
        problems: list[Problem] = []
        said: dict[str, str] = {}
        for name, compiled in part.fields.items():
            token = noted.set([])
            try:
                said[name] = compiled.render(scope)
            except FieldRefused as refused:
                problems.append(refused.problem)
            finally:
                problems += [compiled.problem(each) for each in noted.get() or []]
                noted.reset(token)
        rendered: Content | None = None
        if len(said) == len(part.fields):
            try:
                rendered = _WRITTEN[part.medium](part, said)
            except FieldRefused as refused:
                problems.append(refused.problem)
        where = {"variant": part.variant, "language": part.language}
        return part, rendered, list(dict.fromkeys(each.inside(**where) for each in problems))


def compile_part(
    variant: str, language: str, content: Any, snippets: Snippets
) -> tuple[Part | None, list[Problem]]:
    """One content compiled, or what hinders it."""
    text_env = environment(snippets.texts, html=False)
    html_env = environment(snippets.texts, html=True)
    fields: dict[str, Compiled] = {}
    problems: list[Problem] = []
    for name, source in source_fields(content).items():
        try:
            if name in ("mjml", "html"):
                if source:
                    page, plain = compile_mail(
                        source,
                        mjml=name == "mjml",
                        html_env=html_env,
                        text_env=text_env,
                        snippets=snippets,
                    )
                    fields["html"] = page
                    if not content.text:
                        fields["text"] = plain
            elif source or name in ("subject", "title", "body", "payload"):
                fields[name] = compile_field(name, source, text_env, snippets)
        except FieldRefused as refused:
            problems.append(refused.problem.inside(variant=variant, language=language))
    fixed = content.model_dump(include={"form", "expires_hours"})
    return (None if problems else Part(variant, language, content.medium, fixed, fields)), problems


def snippets_in(snippets: StoredSnippets, language: str, body: Body) -> Snippets:
    """Every snippet in the form that suits a language."""
    texts: dict[str, str] = {}
    blocks: dict[str, str] = {}
    for name, stored in snippets.items():
        available = {key: text for key, text in stored["texts"].items() if key}
        text = stored["texts"].get("", "")
        if available and ("" not in stored["texts"] or language in available):
            chosen = choose_language(language, list(available), body.fallbacks, body.default_language)
            text = available[chosen]
        (blocks if stored["format"] == "mjml" else texts)[name] = text
    return Snippets(texts, blocks)


def language_of_person(scope: Mapping[str, Any]) -> str:
    """The language of the person in a scope; "" when it is not known."""
    person = scope.get("person") or {}
    for name in ("language", "$language", "locale", "$locale", "lang"):
        found = person.get(name) if isinstance(person, Mapping) else None
        if isinstance(found, str) and found:
            return found
    return ""


def _failed(problems: list[Problem]) -> RenderingFailed:
    first = problems[0]
    return RenderingFailed(
        place=first.place, reason_en=first.en, reason_zh=first.zh, path=first.place, problem=first
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _mail(part: Part, said: Mapping[str, str]) -> Mail:
    headers = {"Reply-To": _line(said["reply_to"])} if said.get("reply_to") else {}
    return Mail(
        subject=_line(said["subject"]),
        html=said.get("html", ""),
        text=tidy(said.get("text", "")),
        headers=headers,
        sender=_line(said.get("sender", "")),
    )


def _group(said: Mapping[str, str], name: str) -> dict[str, str]:
    return {key.partition(".")[2]: text for key, text in said.items() if key.startswith(f"{name}.")}


def _sms(part: Part, said: Mapping[str, str]) -> Sms:
    return Sms(
        text=said.get("text", "").strip(),
        template_id=said.get("template_id", "").strip(),
        parameters=_group(said, "parameters"),
        signature=said.get("signature", "").strip(),
    )


def _push(part: Part, said: Mapping[str, str]) -> Push:
    link = said.get("link", "").strip()
    return Push(title=_line(said["title"]), body=said["body"].strip(), link=link, data=_group(said, "data"))


def _post(part: Part, said: Mapping[str, str]) -> Post:
    return Post(title=_line(said["title"]), markdown=tidy(said.get("markdown", "")))


def _in_app(part: Part, said: Mapping[str, str]) -> Call:
    texts = {name: text.strip() for name, text in said.items()}
    return Call(payload={**part.fixed, **{name: text for name, text in texts.items() if text}})


def _call(part: Part, said: Mapping[str, str]) -> Call:
    try:
        payload = json.loads(said["payload"], parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        en, zh = f"The payload is no JSON: {error}.", f"载荷不是合法的 JSON：{error}。"
        raise FieldRefused(Problem("json", "error", en, zh, field="payload")) from error
    if not isinstance(payload, dict):
        en, zh = "The payload is JSON, but no object.", "载荷必须是 JSON 对象。"
        raise FieldRefused(Problem("json", "error", en, zh, field="payload"))
    return Call(payload=payload)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_WRITTEN: dict[str, Callable[[Part, Mapping[str, str]], Content]] = {
    "email": _mail,
    "sms": _sms,
    "push": _push,
    "bot": _post,
    "in_app": _in_app,
    "webhook": _call,
}
