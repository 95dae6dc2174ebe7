"""The text of an HTML mail, for those who read no HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "center",
        "hr",
    ]
)
_SILENT = frozenset(("style", "script", "head", "title", "noscript"))
_VOID = frozenset(("br", "img", "hr", "meta", "link", "input", "area", "base", "col", "wbr"))
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def plain_text(html: str) -> str:
    """What HTML says, with the addresses of links after their words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    return tidy("\n".join(lines))


def tidy(text: str) -> str:
    """Without more than one empty line at a time, nor any at either end."""
    return re.sub(r"[ \t]*\n(?:[ \t]*\n){2,}", "\n\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._links: list[tuple[str, int]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in _VOID:
            silent = tag in _SILENT or bool(_HIDDEN.search(values.get("style") or ""))
            self._open.append((tag, silent))
        if self._silent:
            return
        if tag in _BLOCKS:
            self._say("\n")
        if tag == "br":
            self._say("\n")
        elif tag == "li":
            self._say("- ")
        elif tag == "td":
            self._say(" ")
        elif tag == "img" and values.get("alt"):
            self._say(f"[{values['alt']}]")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in [name for name, _ in self._open]:
            return
        silent = self._silent
        while self._open.pop()[0] != tag:
            pass
        if silent:
            return
        if tag == "a" and self._links:
            href, begin = self._links.pop()
            said = "".join(self.parts[begin:]).strip()
            if href and href not in (said, f"mailto:{said}", "#"):
                self._say(f" ({href})" if said else href)
        if tag in _BLOCKS:
            self._say("\n\n" if tag in ("p", "table", "h1", "h2", "h3") else "\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, text: str) -> None:
        self.parts.append(text)
