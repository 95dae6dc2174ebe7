"""Pages for people: plain HTML that needs no script, and that may load nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fastapi.responses import HTMLResponse

from bihuan.kernel.errors import BihuanError, Language
from bihuan.messages.consent.wording import MEDIUM_NAMES, words

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;margin:0;background:#f5f6f8;color:#1f2329}"
    "main{max-width:36rem;margin:2rem auto;padding:1.5rem 2rem;background:#fff;border-radius:8px}"
    "h1{font-size:1.4rem;margin:0 0 .5rem}h2{font-size:1.05rem;margin:1.5rem 0 0}"
    "p{margin:.25rem 0 .75rem}.said{padding:.5rem .75rem;background:#e8f5e9;border-radius:4px}"
    "label{display:block;padding:.35rem 0}small,footer{color:#51565d}"
    "button{font:inherit;padding:.5rem 1.25rem;border:1px solid #1456f0;border-radius:4px;"
    "background:#1456f0;color:#fff;cursor:pointer;margin:.75rem .5rem 0 0}"
    "button.plain{background:#fff;color:#1456f0}a{color:#1456f0}fieldset{border:0;margin:0;padding:0}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True)
class Choice:
    """A purpose on a medium, as the page shows it."""

    purpose: str
    medium: str
    allowed: bool
    pending: bool = False

    @property
    def name(self) -> str:
        """What the form sends."""
        return f"{self.purpose}:{self.medium}"


def page(
    title: str,
    content: Sequence[str],
    language: Language,
    *,
    company: str = "",
    here: str = "",
    status: int = 200,
) -> HTMLResponse:
    """A page of parts that are HTML already."""
    other = "zh" if language == "en" else "en"
    parts = [
        f'<!doctype html><html lang="{"en" if language == "en" else "zh-CN"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>",
        *content,
        "<footer>",
        f"<p>{escape(words('by', language, company=company))}</p>" if company else "",
        f'<p><a href="{escape(here)}?lang={other}" hreflang="{other}">'
        f"{escape(words('other_language', language))}</a></p>"
        if here
        else "",
        "</footer></main></body></html>",
    ]
    return HTMLResponse("".join(parts), status, headers=HEADERS)


def said(text: str) -> str:
    """A sentence about what was just done."""
    return f'<p class="said" role="status">{escape(text)}</p>'


def sentence(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def link(href: str, text: str) -> str:
    """A paragraph with a link."""
    return f'<p><a href="{escape(href)}">{escape(text)}</a></p>'


def button(action: str, text: str, values: Mapping[str, str], *, plain: bool = False) -> str:
    """A form that is a button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )
    look = ' class="plain"' if plain else ""
    return (
        f'<form method="post" action="{escape(action)}">{hidden}<button{look}>{escape(text)}</button></form>'
    )


def choices_form(action: str, groups: Sequence[tuple[str, str, Sequence[Choice]]], language: Language) -> str:
    """The form of all choices: name and description of each purpose, then its media."""
    parts = [
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="lang" value="{language}">'
    ]
    for name, description, choices in groups:
        parts.append(f"<fieldset><h2>{escape(name)}</h2><p><small>{escape(description)}</small></p>")
        for each in choices:
            checked = " checked" if each.allowed or each.pending else ""
            waiting = f" <small>({escape(words('pending', language))})</small>" if each.pending else ""
            parts.append(
                f'<label><input type="checkbox" name="allow" value="{escape(each.name)}"{checked}> '
                f"{escape(MEDIUM_NAMES[each.medium][language])}{waiting}</label>"
            )
        parts.append("</fieldset>")
    parts.append(f"<button>{escape(words('save', language))}</button></form>")
    return "".join(parts)


def refused(error: BihuanError, language: Language) -> HTMLResponse:
    """A page for a link that does not work."""
    content = [sentence(error.hint(language) or "")]
    return page(error.message(language), content, language, status=error.status)
