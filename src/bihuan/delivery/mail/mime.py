"""A mail as bytes (RFC 5322, 2045 to 2047), written without the library's objects, which take longer."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache

from bihuan.delivery.port import Mail

_NAME = re.compile(r"[!-9;-~]{1,76}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 6531: letters of any script, too.
_WIDE_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+)*"
)
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
# Ours, or of the envelope: nobody else gives them.
_OWN = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "sender",
        "message-id",
        "mime-version",
        "return-path",
        "received",
        "resent-to",
    ]
)
_MOST_LINE, _FOLD = 998, 76
_CRLF = "\r\n"
# Quoted-printable takes three bytes for one that is not ASCII, base64 four for three of any.
_MOSTLY_ASCII = 6


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready to be sent: the addresses of the envelope, and the content with CRLF.

    ``wide``: the recipient's name is not ASCII, which takes a server with SMTPUTF8 (RFC 6531).
    """

    sender: str
    recipient: str
    content: bytes
    wide: bool = False


def mail_address(given: str, *, wide: bool = False) -> str | None:
    """An address as SMTP takes it, its domain in ASCII; None for what is none.

    With ``wide`` the name before the ``@`` may have letters of any script.
    """
    local, at, domain = given.strip().rpartition("@")
    pattern = _WIDE_LOCAL if wide and local.isprintable() else _LOCAL
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return None
    if (
        not at
        or len(local.encode("utf-8", "replace")) > 64
        or not pattern.fullmatch(local)
        or not _DOMAIN.fullmatch(ascii_domain)
    ):
        return None
    return f"{local}@{ascii_domain}"


def message_id_header(message_id: str, domain: str) -> str:
    """``<…@domain>``: the same for the same message, so that what is sent twice can be seen to be one."""
    known = _PLAIN_ID.fullmatch(message_id)
    return f"<{message_id if known else hashlib.sha256(message_id.encode()).hexdigest()}@{domain}>"


def written_mail(message_id: str, recipient: str, mail: Mail, sender: str, return_path: str) -> Written:
    """A mail as it goes out. Raises ``ValueError`` for a header or sender that cannot be one."""
    from_header, from_address = _sender(mail.sender or sender)
    domain = from_address.partition("@")[2]
    wide = not recipient.isascii()
    lines = [
        from_header,
        f"To: {recipient}" if wide else _header("To", recipient),
        _header("Subject", one_line(mail.subject)),
        f"Date: {formatdate(time.time(), usegmt=True)}",
        f"Message-ID: {message_id_header(message_id, domain)}",
        "MIME-Version: 1.0",
    ]
    for header, value in mail.headers.items():
        lowered = header.lower()
        if not _NAME.fullmatch(header) or lowered in _OWN or lowered.startswith("content-"):
            raise ValueError(f"the header {header[:80]!r} may not be given")
        if _CONTROLS.search(value):
            raise ValueError(f"the header {header} has more than one line")
        lines.append(_header(header, value))
    head = "\r\n".join(lines).encode()
    return Written(return_path or from_address, recipient, head + b"\r\n" + _body(message_id, mail), wide)


@lru_cache(256)
def _sender(given: str) -> tuple[str, str]:
    """The header ``From``, and the address in it; reading one takes as long as the rest of a mail."""
    name, address = parseaddr(one_line(given))
    from_address = mail_address(address)
    if from_address is None:
        raise ValueError("the sender is no mail address")
    return _header("From", formataddr((name, from_address), "utf-8")), from_address


def one_line(text: str) -> str:
    """Text in which nothing ends a line."""
    return _CONTROLS.sub(" ", text).strip()


def _header(name: str, value: str) -> str:
    if value.isascii() and len(name) + len(value) + 2 <= _FOLD:
        return f"{name}: {value}"
    if value.isascii():
        folded = _folded(name, value)
    else:
        folded = f"{name}: {Header(value, 'utf-8', _FOLD, name).encode(linesep=_CRLF)}"
    if any(len(line) > _MOST_LINE for line in folded.split(_CRLF)):
        raise ValueError(f"the header {name} is too long")
    return folded


def _folded(name: str, value: str) -> str:
    """Broken at spaces, but not before the first word, which some readers would not find."""
    first, *words = value.split(" ")
    lines = [f"{name}: {first}"]
    for word in words:
        if word and len(lines[-1]) + len(word) >= _FOLD:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return _CRLF.join(lines)


def _body(message_id: str, mail: Mail) -> bytes:
    if not mail.text or not mail.html:
        return _part("html" if mail.html else "plain", mail.html or mail.text)
    # "=_" occurs neither in quoted-printable nor in base64.
    boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}".encode()
    start = b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n'
    parts = [
        b"--" + boundary + b"\r\n" + _part(*each) for each in (("plain", mail.text), ("html", mail.html))
    ]
    return start + b"".join(parts) + b"--" + boundary + b"--\r\n"


def _part(subtype: str, text: str) -> bytes:
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    wide = len(data.translate(None, bytes(range(128))))
    if wide * _MOSTLY_ASCII <= len(data):
        encoding, body = b"quoted-printable", binascii.b2a_qp(data, istext=True)
        body = body.replace(b"\n", b"\r\n")
    else:
        encoding = b"base64"
        body = base64.encodebytes(data.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ".encode()
    return head + encoding + b"\r\n\r\n" + body + b"\r\n"
