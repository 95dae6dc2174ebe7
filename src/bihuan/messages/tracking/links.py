"""The links of a mail, led through this installation, and the pixel that says it was opened."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from bihuan.delivery import Content, Mail, Push
from bihuan.messages.tracking.tokens import Tokens, Tracked, is_trackable

CLICK, OPEN = "/m/c/", "/m/o/"
_LINK = re.compile(r"""(<a\b[^>]*?\shref\s*=\s*)("[^"]*"|'[^']*')""", re.I)
_BODY_END = re.compile(r"</body\s*>", re.I)
_UNTRACKED = re.compile(r"\sdata-untracked\b", re.I)


class Links:
    """Writes tracked links.

    Args:
        base_url: where people reach this installation, ``https://host``; empty: nothing is tracked.
    """

    def __init__(self, tokens: Tokens, base_url: str) -> None:
        self._tokens = tokens
        self._base = base_url.rstrip("/")

    def tracked(self, content: Content, project_id: str, message_id: str) -> Content:
        """The content with its links tracked, in the form that its channel sends.

        Links to this installation itself (to unsubscribe, preferences), those marked ``data-untracked``, and
        what is no web address stay as they are.
        """
        if not self._base:
            return content
        if isinstance(content, Mail) and content.html:
            return replace(content, html=self._page(content.html, project_id, message_id))
        if isinstance(content, Push) and content.link:
            return replace(content, link=self.click(content.link, project_id, message_id))
        return content

    def click(self, url: str, project_id: str, message_id: str) -> str:
        """The tracked form of a URL; the URL itself where clicks on it are not counted."""
        if not self._base or url.startswith(f"{self._base}/") or not is_trackable(url):
            return url
        return f"{self._base}{CLICK}{self._tokens.make(Tracked(project_id, message_id, url))}"

    def pixel(self, project_id: str, message_id: str) -> str:
        """The URL of the image that says that a mail was opened."""
        return f"{self._base}{OPEN}{self._tokens.make(Tracked(project_id, message_id))}.gif"

    def _page(self, page: str, project_id: str, message_id: str) -> str:
        def led(found: re.Match[str]) -> str:
            before, quoted = found.groups()
            rest = page[found.end() : page.find(">", found.end())]
            if _UNTRACKED.search(before) or _UNTRACKED.search(rest):
                return found.group()
            url = html.unescape(quoted[1:-1]).strip()
            tracked = self.click(url, project_id, message_id)
            return found.group() if tracked == url else f'{before}"{html.escape(tracked)}"'

        page = _LINK.sub(led, page)
        image = (
            f'<img src="{self.pixel(project_id, message_id)}" width="1" height="1" alt="" style="border:0">'
        )
        ends = list(_BODY_END.finditer(page))
        place = ends[-1].start() if ends else len(page)
        return f"{page[:place]}{image}{page[place:]}"
