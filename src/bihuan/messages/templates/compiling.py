"""One field of a template: source in, something that is quickly rendered out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liquid import BoundTemplate, Environment, Token
from liquid.exceptions import LiquidError

from bihuan.messages.templates.mjml import MjmlRefused, SourceMap, put_away, to_html, with_blocks
from bihuan.messages.templates.plain_text import plain_text
from bihuan.messages.templates.problems import Problem, of_liquid, position


class FieldRefused(Exception):
    """A field that cannot be compiled, or not be rendered."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True)
class Snippets:
    """Snippets in one language: those of Liquid, and the blocks of MJML."""

    texts: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str | None:
        """The text of one."""
        return self.texts.get(name, self.blocks.get(name))

    @property
    def all(self) -> dict[str, str]:
        """By name."""
        return {**self.blocks, **self.texts}


@dataclass(frozen=True)
class Compiled:
    """A field. ``text``: what Liquid sees; ``source``: what was written; ``maps``: from one to the other."""

    name: str
    source: str
    text: str
    template: BoundTemplate
    maps: tuple[SourceMap, ...]
    snippets: Snippets

    def render(self, scope: Mapping[str, Any]) -> str:
        """What it says. Raises ``FieldRefused``."""
        try:
            return self.template.render(scope)
        except LiquidError as fault:
            raise FieldRefused(self.problem(fault)) from fault
        except RecursionError as fault:
            problem = Problem("too_much", "error", "Snippets render each other.", "片段相互引用，形成循环。")
            raise FieldRefused(problem.inside(field=self.name)) from fault

    def problem(self, fault: LiquidError) -> Problem:
        """A fault of Liquid, told where it is in what somebody wrote."""
        return self.at(of_liquid(fault), fault.token)

    def at(self, problem: Problem, token: Token | None) -> Problem:
        """A problem at a token."""
        if token is None or token.start_index < 0:
            return problem.inside(field=self.name)
        if token.source == self.text:
            return self.at_offset(problem, token.start_index)
        for name, text in self.snippets.all.items():
            if text == token.source:
                line, column = position(text, token.start_index)
                return problem.inside(field=self.name, snippet=name, line=line, column=column)
        return problem.inside(field=self.name)

    def at_offset(self, problem: Problem, offset: int, snippet: str = "") -> Problem:
        """A problem at an offset of the text, or of a snippet."""
        return _placed(problem, self.name, self.source, self.maps, self.snippets, offset, snippet)


def compile_field(
    name: str,
    source: str,
    env: Environment,
    snippets: Snippets,
    *,
    maps: tuple[SourceMap, ...] = (),
    text: str | None = None,
) -> Compiled:
    """A field of Liquid; ``text`` is what was made of its source by way of ``maps``.

    Raises:
        FieldRefused: Liquid cannot read it.
    """
    made = source if text is None else text
    try:
        template = env.from_string(made)
    except LiquidError as fault:
        problem = of_liquid(fault)
        offset = fault.token.start_index if fault.token is not None else 0
        offset = _where(made, env) if offset < 0 else offset
        raise FieldRefused(_placed(problem, name, source, maps, snippets, offset)) from fault
    return Compiled(name, source, made, template, maps, snippets)


_PART = re.compile(r"\{\{.*?\}\}|\{%-?\s*(\w+).*?%\}", re.S)
_BLOCKS = frozenset(("if", "unless", "for", "case", "capture", "tablerow"))


def _where(text: str, env: Environment) -> int:
    """Where a text cannot be read, when Liquid does not say: the first part that fails by itself."""
    for found in _PART.finditer(text):
        name = found[1]
        closed = f"{found[0]}{{% end{name} %}}" if name in _BLOCKS else found[0]
        if name is not None and name not in _BLOCKS and name not in ("assign", "echo", "render", "cycle"):
            continue
        try:
            env.from_string(closed)
        except LiquidError:
            return found.end()
    # A tag that is not closed is missed at the end of everything.
    return len(text.rstrip())


def compile_mail(
    source: str, *, mjml: bool, html_env: Environment, text_env: Environment, snippets: Snippets
) -> tuple[Compiled, Compiled]:
    """The page of a mail, and the text that says the same.

    Raises:
        FieldRefused: neither MJML nor Liquid can read it.
    """
    name = "mjml" if mjml else "html"
    try:
        written, blocks = (
            with_blocks(source, snippets.blocks) if mjml else (source, SourceMap([0], [("", 0)]))
        )
        put = put_away(written)
        page = to_html(written, put)[0] if mjml else put.text
    except MjmlRefused as refused:
        raise FieldRefused(refused.problem.inside(field=name)) from refused
    html, to_written = put.back(page)
    text, from_page = put.back(plain_text(page))
    whole = compile_field(name, source, html_env, snippets, maps=(to_written, blocks), text=html)
    plain = compile_field(name, source, text_env, snippets, maps=(from_page, blocks), text=text)
    return whole, plain


def _placed(
    problem: Problem,
    name: str,
    source: str,
    maps: Iterable[SourceMap],
    snippets: Snippets,
    offset: int,
    snippet: str = "",
) -> Problem:
    if not snippet:
        for each in maps:
            snippet, offset = each.origin(offset)
    text = source if not snippet else (snippets.named(snippet) or "")
    line, column = position(text, offset)
    return problem.inside(field=name, snippet=snippet, line=line, column=column)


@dataclass(frozen=True)
class Used:
    """A name that a field uses: its path, and where."""

    path: tuple[Any, ...]
    problem_at: int
    snippet: str


def names_used(compiled: Compiled) -> Iterator[Used]:
    """The names that come from outside of a field, those in its snippets included."""
    analysis = compiled.template.analyze()
    for variables in analysis.globals.values():
        for each in variables:
            yield Used(tuple(each.segments), each.span.index, each.span.template_name)


def filters_used(compiled: Compiled) -> Iterator[Used]:
    """The filters of a field, those in its snippets included."""
    for name, spans in compiled.template.analyze().filters.items():
        for span in spans:
            yield Used((name,), span.index, span.template_name)
