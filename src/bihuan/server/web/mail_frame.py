"""An empty page that shows a mail inside a page of ours.

Images of a mail come from anywhere, which the policy of our own pages forbids; so it is shown in a frame
with a policy of its own: no origin, no script but the one that takes the mail's HTML from the page around.
"""

from __future__ import annotations

import base64
import hashlib

from starlette.responses import HTMLResponse

MAIL_FRAME = "mail-frame"
# Links of the mail lead nowhere, and whatever is put in by innerHTML runs no script; the policy sees to both.
_SCRIPT = """
addEventListener("message", (told) => {
  if (told.source !== parent || typeof told.data !== "string") return;
  const mail = new DOMParser().parseFromString(told.data, "text/html");
  document.head.replaceChildren(...mail.head.childNodes);
  document.body.replaceWith(mail.body);
  document.documentElement.lang = mail.documentElement.lang || "";
});
addEventListener("click", (click) => {
  if (click.target.closest("a")) click.preventDefault();
});
parent.postMessage("mail-frame", "*");
"""
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail</title></head>'
    f"<body><script>{_SCRIPT}</script></body></html>"
)
_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'sha256-{_HASH}'",
        "style-src 'unsafe-inline' https:",
        "img-src https: http: data:",
        "font-src https: data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-scripts",
    ]
)


def mail_frame() -> HTMLResponse:
    """The page."""
    headers = {
        "content-security-policy": _POLICY,
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
    }
    return HTMLResponse(_PAGE, headers=headers)
