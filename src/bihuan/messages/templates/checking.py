"""Everything that is wrong with a template, found before anybody gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bihuan.delivery import sms_segments
from bihuan.messages.templates.bodies import Body, EmailContent, SmsContent, choose_language
from bihuan.messages.templates.compiling import Compiled, Used, filters_used, names_used
from bihuan.messages.templates.problems import Problem
from bihuan.messages.templates.rendering import Part, Rendering, StoredSnippets
from bihuan.messages.templates.scopes import LINKS, ROOTS

# What Gmail shows of a mail before it cuts it off.
MOST_HTML_BYTES = 100_000
# A markdown message of WeCom; DingTalk and Feishu take more.
MOST_MARKDOWN_BYTES = 4_096
MOST_PUSH_BYTES = 3_000
MANY_SEGMENTS = 4
_OWN = frozenset(("id", "distinct_id", "distinct_ids"))
_STOP_WORDS = re.compile(r"退订|拒收|回\s*[TN]\b|\bstop\b|unsubscribe|opt[- ]?out", re.I)
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)


@dataclass(frozen=True)
class Known:
    """What a project knows: names of properties with all their levels, look-up tables, kinds of purposes.

    An empty set of properties says nothing: nothing was recorded yet.
    """

    person: frozenset[str] = frozenset()
    event: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    purposes: Mapping[str, str] = field(default_factory=dict)


def check(body: Body, snippets: StoredSnippets, purpose: str, known: Known) -> list[Problem]:
    """Every problem of a template; errors first, each told once."""
    rendering = Rendering(body, snippets)
    problems = list(rendering.problems)
    problems += _of_languages(body)
    if purpose not in known.purposes:
        problems.append(
            Problem("purpose", "error", f"There is no purpose {purpose}.", f"没有用途 {purpose}。")
        )
    marketing = known.purposes.get(purpose) == "marketing"
    for part in rendering.parts():
        where = {"variant": part.variant, "language": part.language}
        content = body.variants[part.variant][part.language]
        found = [*_of_names(part, known), *_of_size(part), *_of_content(part, content, marketing=marketing)]
        problems += [each.inside(**where) for each in found]
    return sorted(dict.fromkeys(problems), key=lambda each: each.severity)


def _of_languages(body: Body) -> Iterator[Problem]:
    every = {language for contents in body.variants.values() for language in contents}
    needed = every | {body.default_language}
    for variant, contents in body.variants.items():
        for language in sorted(needed - set(contents)):
            taken = choose_language(language, list(contents), body.fallbacks, body.default_language)
            yield Problem(
                "translation_missing",
                "error" if language == body.default_language else "warning",
                f"It is not written in {language}; {taken} would be sent.",
                f"缺少 {language} 版本，将发送 {taken} 版本。",
                variant=variant,
                language=language,
            )
    for language in body.fallbacks:
        if language not in every:
            yield Problem(
                "fallback_unknown",
                "warning",
                f"The fallback {language} is a language that nothing is written in.",
                f"后备语言 {language} 没有任何内容。",
            )


def _of_names(part: Part, known: Known) -> Iterator[Problem]:
    for compiled in part.fields.values():
        for used in names_used(compiled):
            problem = _of_name(used, known)
            if problem is not None:
                yield _at(compiled, problem, used)
        for used in filters_used(compiled):
            name = used.path[0]
            if name not in compiled.template.env.filters:
                en, zh = f"There is no filter {name}.", f"没有过滤器 {name}。"
                yield _at(compiled, Problem("unknown_filter", "error", en, zh), used)
            elif name == "safe":
                en, zh = (
                    "With safe a value is not escaped: it may break the page.",
                    "safe 使取值不被转义，可能破坏页面。",
                )
                yield _at(compiled, Problem("unsafe", "warning", en, zh), used)


def _of_name(used: Used, known: Known) -> Problem | None:
    root, *rest = [str(each) for each in used.path]
    if root not in ROOTS:
        en, zh = f"There is nothing called {root}.", f"没有名为 {root} 的变量。"
        return Problem("unknown_variable", "error", en, zh)
    below = [each for each in rest if not isinstance(each, list)]
    if not below:
        return None
    if root == "links" and below[0] not in LINKS:
        en, zh = f"There is no link {below[0]}.", f"没有链接 {below[0]}。"
        return Problem("unknown_variable", "error", en, zh)
    if root == "catalog" and below[0] not in known.tables:
        en, zh = f"There is no look-up table {below[0]}.", f"没有查找表 {below[0]}。"
        return Problem("unknown_lookup", "error", en, zh)
    names = {"person": known.person, "event": known.event}.get(root, frozenset())
    if (
        not names
        or (root == "person" and below[0] in _OWN)
        or (root == "event" and below[0] in ("name", "time"))
    ):
        return None
    if below[0] in names or ".".join(below) in names:
        return None
    whose_en, whose_zh = ("a person", "用户") if root == "person" else ("an event", "事件")
    name = ".".join(below)
    en = f"No property {name} of {whose_en} is known."
    return Problem("unknown_property", "warning", en, f"没有已知的{whose_zh}属性 {name}。")


def _at(compiled: Compiled, problem: Problem, used: Used) -> Problem:
    return compiled.at_offset(problem, used.problem_at, used.snippet)


def _of_size(part: Part) -> Iterator[Problem]:
    def too_large(name: str, most: int, zh: str) -> Iterator[Problem]:
        compiled = part.fields.get(name)
        size = len(compiled.text.encode()) if compiled is not None else 0
        if size > most:
            en = f"{size:,} bytes before values are put in; more than {most:,} are cut off or refused."
            yield Problem("oversize", "error", en, f"未填入取值时已有 {size:,} 字节，{zh}。", field=name)

    if part.medium == "email":
        yield from too_large("html", MOST_HTML_BYTES, f"超过 {MOST_HTML_BYTES:,} 字节会被邮箱截断")
    elif part.medium == "bot":
        yield from too_large("markdown", MOST_MARKDOWN_BYTES, f"企业微信最多 {MOST_MARKDOWN_BYTES:,} 字节")
    elif part.medium == "push":
        size = sum(len(each.text.encode()) for each in part.fields.values())
        if size > MOST_PUSH_BYTES:
            en = f"{size:,} bytes; providers of push take about {MOST_PUSH_BYTES:,}."
            zh = f"共 {size:,} 字节，推送服务约接受 {MOST_PUSH_BYTES:,} 字节。"
            yield Problem("oversize", "error", en, zh)
    elif part.medium == "sms" and "text" in part.fields:
        signature = part.fields["signature"].text if "signature" in part.fields else ""
        length = sms_segments(_LIQUID.sub("", part.fields["text"].text), signature)
        if length.segments > MANY_SEGMENTS:
            en = f"It is {length.segments} messages long, before values are put in."
            zh = f"未填入取值时已需拆分为 {length.segments} 条短信。"
            yield Problem("oversize", "warning", en, zh, field="text")


def _of_content(part: Part, content: object, *, marketing: bool) -> Iterator[Problem]:
    if isinstance(content, EmailContent):
        yield from _of_mail(part, content, marketing=marketing)
    elif isinstance(content, SmsContent):
        if not content.text and not content.template_id:
            en, zh = (
                "It has neither a text nor a template of the provider.",
                "短信既没有正文，也没有服务商模板。",
            )
            yield Problem("empty", "error", en, zh, field="text")
        elif marketing and content.text and not _STOP_WORDS.search(content.text):
            en, zh = (
                "It does not say how to stop such messages.",
                "营销短信未说明退订方式（如「拒收请回复R」）。",
            )
            yield Problem("unsubscribe_missing", "warning", en, zh, field="text")
    else:
        for name in ("title", "body", "markdown", "payload"):
            if name in type(content).model_fields and not getattr(content, name).strip():  # type: ignore[attr-defined]
                if name == "title" and part.medium == "in_app":
                    continue
                yield Problem("empty", "error", "It is empty.", "内容为空。", field=name)


def _of_mail(part: Part, content: EmailContent, *, marketing: bool) -> Iterator[Problem]:
    if not content.subject.strip():
        yield Problem("empty", "error", "There is no subject.", "没有主题。", field="subject")
    if not content.mjml and not content.html and not content.text:
        yield Problem("empty", "error", "The mail says nothing.", "邮件没有内容。", field="mjml")
    if marketing:
        for name in ("html", "text"):
            compiled = part.fields.get(name)
            if compiled is not None and not _leads_out(compiled):
                en = "A marketing mail needs a link to unsubscribe: links.unsubscribe or links.preferences."
                zh = "营销邮件必须有退订链接：links.unsubscribe 或 links.preferences。"
                yield Problem("unsubscribe_missing", "error", en, zh, field=compiled.name)
    page = part.fields.get("html")
    if page is not None:
        reader = _Images()
        reader.feed(page.text)
        for source in dict.fromkeys(reader.sources):
            if not source.startswith(("https://", "http://", "{{", "{%")):
                en = f"Images are given by URL, which {source[:80]!r} is not."
                zh = f"图片须以 URL 引用，{source[:80]!r} 不是 URL。"
                yield Problem("image", "error", en, zh, field=page.name)


def _leads_out(compiled: Compiled) -> bool:
    return any(
        used.path[0] == "links" and len(used.path) > 1 and used.path[1] in ("unsubscribe", "preferences")
        for used in names_used(compiled)
    )


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.sources.append((dict(attrs).get("src") or "").strip())
