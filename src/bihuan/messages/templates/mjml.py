"""MJML with Liquid in it, turned into HTML with the same Liquid.

Liquid is put away under names that MJML takes for words, and put back afterwards. Between the parts of a
page, where MJML takes no words, it goes into ``mj-raw``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

import mrml

from bihuan.messages.templates.problems import Problem, position

_LIQUID = re.compile(
    r"\{%-?\s*(raw|comment|doc)\b.*?\{%-?\s*end\1\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}",
    re.S,
)
_RENDER = re.compile(
    r"\{%-?\s*render\s+(?P<quote>['\"])(?P<name>[\w.-]+)(?P=quote)\s*(?P<more>.*?)-?%\}", re.S
)
_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|"
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>|(?P<word>LQ\d+Q[a-z]+)",
    re.S,
)
_AT = re.compile(r"(?:at position |position )?(\d+)(?::\d+)")
# Elements between whose children stands nothing but elements.
_FRAMES = frozenset(
    [
        "mjml",
        "mj-head",
        "mj-body",
        "mj-section",
        "mj-wrapper",
        "mj-group",
        "mj-column",
        "mj-hero",
        "mj-carousel",
        "mj-accordion",
        "mj-accordion-element",
        "mj-navbar",
        "mj-social",
    ]
)
_ELEMENTS = _FRAMES | frozenset(
    [
        "mj-text",
        "mj-button",
        "mj-image",
        "mj-divider",
        "mj-spacer",
        "mj-table",
        "mj-raw",
        "mj-title",
        "mj-preview",
        "mj-style",
        "mj-font",
        "mj-attributes",
        "mj-all",
        "mj-class",
        "mj-breakpoint",
        "mj-html-attributes",
        "mj-selector",
        "mj-html-attribute",
        "mj-accordion-title",
        "mj-accordion-text",
        "mj-carousel-image",
        "mj-navbar-link",
        "mj-social-element",
    ]
)
_DEEPEST = 5
MOST_LETTERS = 400_000


class MjmlRefused(Exception):
    """MJML that cannot be turned into HTML."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass
class SourceMap:
    """Where the parts of a made text come from: (start, name of the snippet or "", offset there)."""

    starts: list[int] = field(default_factory=list)
    origins: list[tuple[str, int]] = field(default_factory=list)

    def add(self, start: int, snippet: str, offset: int) -> None:
        """What begins at ``start`` is from ``offset`` of a snippet, or of the text itself."""
        self.starts.append(start)
        self.origins.append((snippet, offset))

    def origin(self, offset: int) -> tuple[str, int]:
        """Snippet and offset there of an offset in the made text."""
        at = bisect_right(self.starts, offset) - 1
        if at < 0:
            return "", offset
        snippet, begin = self.origins[at]
        return snippet, begin + offset - self.starts[at]


@dataclass(frozen=True)
class PutAway:
    """A text whose Liquid is put away: ``pieces`` has it by the word that stands for it, with its offset."""

    text: str
    pieces: dict[str, tuple[str, int]]
    word: re.Pattern[str]

    def back(self, text: str) -> tuple[str, SourceMap]:
        """A text made of this one, with the Liquid again; the map leads to where it was before."""
        parts: list[str] = []
        made = SourceMap()
        length = end = 0
        for found in self.word.finditer(text):
            literal = text[end : found.start()]
            piece, offset = self.pieces[found[0]]
            length += len(literal)
            made.add(length, "", offset)
            parts += (literal, piece)
            length += len(piece)
            end = found.end()
        parts.append(text[end:])
        return "".join(parts), made


def put_away(source: str) -> PutAway:
    """Replace every piece of Liquid by a word that is not in the text."""
    salt = "z"
    while f"Q{salt}" in source:
        salt += "z"
    pieces: dict[str, tuple[str, int]] = {}

    def away(found: re.Match[str]) -> str:
        word = f"LQ{len(pieces)}Q{salt}"
        pieces[word] = (found[0], found.start())
        return word

    return PutAway(_LIQUID.sub(away, source), pieces, re.compile(rf"LQ\d+Q{salt}"))


def with_blocks(source: str, blocks: Mapping[str, str]) -> tuple[str, SourceMap]:
    """MJML with the snippets of MJML that it renders written out.

    Raises:
        MjmlRefused: one with arguments, one inside itself, or too much of it.
    """
    parts: list[str] = []
    made = SourceMap()
    _write_out(source, "", blocks, parts, made, 0)
    text = "".join(parts)
    return text, made


def _write_out(
    source: str, name: str, blocks: Mapping[str, str], parts: list[str], made: SourceMap, depth: int
) -> None:
    end = 0
    for found in _RENDER.finditer(source):
        block = found["name"]
        if block not in blocks:
            continue
        if found["more"].strip() or depth >= _DEEPEST:
            raise MjmlRefused(_block_problem(source, found, name, deep=depth >= _DEEPEST))
        _part(source[end : found.start()], name, end, parts, made)
        _write_out(blocks[block], block, blocks, parts, made, depth + 1)
        end = found.end()
    _part(source[end:], name, end, parts, made)


def _part(text: str, name: str, offset: int, parts: list[str], made: SourceMap) -> None:
    length = sum(map(len, parts))
    if length + len(text) > MOST_LETTERS:
        en, zh = f"With its snippets it has more than {MOST_LETTERS:,} letters.", "展开片段后内容过长。"
        raise MjmlRefused(Problem("too_much", "error", en, zh))
    made.add(length, name, offset)
    parts.append(text)


def _block_problem(source: str, found: re.Match[str], name: str, *, deep: bool) -> Problem:
    line, column = position(source, found.start())
    if deep:
        en, zh = "Snippets are inside each other too deeply.", "片段嵌套过深。"
    else:
        en = f"A snippet of MJML takes no arguments: {found['name']}."
        zh = f"MJML 片段不能带参数：{found['name']}。"
    return Problem("snippet", "error", en, zh, snippet=name, line=line, column=column)


def to_html(source: str, put: PutAway | None = None) -> tuple[str, PutAway]:
    """HTML in which the Liquid of ``source`` is still put away; and how to put it back.

    Raises:
        MjmlRefused: no MJML, ``mj-include``, or an element that MJML does not have.
    """
    put = put or put_away(source)
    framed = _framed(source, put)
    try:
        return str(mrml.to_html(framed).content), put
    except (OSError, ValueError) as error:
        said = str(error).replace(" in root template", "")
        found = _AT.search(said)
        line, column = position(source, _before(put, framed, int(found[1]))) if found else (1, 1)
        said = said[: found.start()].removesuffix(" at position ").strip() if found else said
        problem = Problem("mjml", "error", f"MJML cannot read this: {said}.", f"MJML 无法解析：{said}。")
        raise MjmlRefused(problem.inside(line=line, column=column)) from error


def _before(put: PutAway, framed: str, offset: int) -> int:
    """The offset in the source of one in what MJML read: after the last Liquid before it."""
    words = list(put.word.finditer(framed[:offset]))
    if not words:
        return offset
    last = words[-1]
    piece, start = put.pieces[last[0]]
    return start + len(piece) + max(0, offset - last.end())


def _framed(source: str, put: PutAway) -> str:
    """With ``mj-raw`` around what stands between the parts of the page."""
    open_elements: list[str] = []
    parts: list[str] = []
    end = 0
    for found in _MARKUP.finditer(put.text):
        if found["word"]:
            parts.append(put.text[end : found.start()])
            bare = found[0] in put.pieces and open_elements and open_elements[-1] in _FRAMES
            parts.append(f"<mj-raw>{found[0]}</mj-raw>" if bare else found[0])
            end = found.end()
        elif found["name"]:
            _follow(found, open_elements, source, put)
    parts.append(put.text[end:])
    return "".join(parts)


def _follow(found: re.Match[str], open_elements: list[str], source: str, put: PutAway) -> None:
    name = found["name"].lower()
    if name.startswith("mj-") and name not in _ELEMENTS:
        line, column = position(source, _before(put, put.text, found.start()))
        en, zh = f"MJML has no {name}.", f"MJML 没有 {name} 元素。"
        if name == "mj-include":
            en, zh = "mj-include reads files: use a snippet.", "mj-include 会读取文件，请改用片段。"
        raise MjmlRefused(Problem("mjml", "error", en, zh, line=line, column=column))
    if found["end"]:
        if name in open_elements:
            while open_elements.pop() != name:
                pass
    elif name.startswith("mj") and not found["rest"].endswith("/"):
        open_elements.append(name)


def rendered_names(source: str) -> set[str]:
    """The snippets that a text renders, by name."""
    return {found["name"] for found in _RENDER.finditer(source)}
