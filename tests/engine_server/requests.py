"""What one HTTP request asks for, taken from its URL, headers and form."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from tests.engine_server.bodies import Headers
from tests.engine_server.encodings import accepted

# URL parameters that are no settings of the engine.
_OF_THE_SERVER = frozenset(
    {
        "query",
        "database",
        "default_format",
        "user",
        "password",
        "quota_key",
        "session_id",
        "session_timeout",
        "session_check",
        "query_id",
        "compress",
        "decompress",
        "buffer_size",
        "wait_end_of_query",
        "client_protocol_version",
        "role",
        "readonly",
    }
)
_TRUE = {"1", "true"}


@dataclass(frozen=True)
class QueryRequest:
    """One statement and how it is to be run.

    Attributes:
        query: the part of the statement in the URL or the form, one character a byte (latin-1).
        settings: engine settings of this request, ``log_comment`` carrying its ``query_id`` among them.
        parameters: values of ``{name:Type}`` in the statement, by name.
        encoding: compression of the answer, None for plain.
        read_only: the statement may only read (method GET, or ``readonly`` in the URL).
        hold_all: answer only when the statement has ended (``wait_end_of_query``).
        cancels_when_gone: a client that hangs up cancels a reading statement.
    """

    query: str
    database: str | None
    default_format: str
    query_id: str
    session_id: str | None
    session_timeout_seconds: float
    session_must_exist: bool
    settings: dict[str, str]
    parameters: dict[str, str]
    encoding: str | None
    read_only: bool
    hold_all: bool
    cancels_when_gone: bool
    native_framing: bool


def parse_request(method: str, query_string: str, headers: Headers, form: Mapping[str, str]) -> QueryRequest:
    """The request in a URL's ``query_string``, its ``headers`` and the fields of its ``form``, if any."""
    url = dict(parse_qsl(query_string, keep_blank_values=True))
    given = {**url, **form}
    query_id = given.get("query_id") or str(uuid.uuid4())
    settings = {k: v for k, v in given.items() if k not in _OF_THE_SERVER and not k.startswith("param_")}
    compresses = given.get("enable_http_compression", "1") in _TRUE
    return QueryRequest(
        query=given.get("query", "").encode().decode("latin-1"),
        database=given.get("database") or headers.get("X-ClickHouse-Database"),
        default_format=given.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated",
        query_id=query_id,
        session_id=given.get("session_id") or None,
        session_timeout_seconds=float(given.get("session_timeout") or 60),
        session_must_exist=given.get("session_check") in _TRUE,
        settings={**settings, "log_comment": query_id},
        parameters={k[6:]: v for k, v in given.items() if k.startswith("param_")},
        encoding=accepted(headers.get("Accept-Encoding")) if compresses else None,
        read_only=method != "POST" or given.get("readonly", "0") != "0",
        hold_all=given.get("wait_end_of_query") in _TRUE,
        cancels_when_gone=given.get("cancel_http_readonly_queries_on_client_close") in _TRUE,
        native_framing=given.get("compress") in _TRUE or given.get("decompress") in _TRUE,
    )


def credentials(query_string: str, headers: Headers) -> tuple[str, str]:
    """Who is calling, by Basic, ``X-ClickHouse-User`` and ``-Key``, or ``user`` and ``password``."""
    scheme, _, token = (headers.get("Authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password
    if headers.get("X-ClickHouse-User"):
        return headers.get("X-ClickHouse-User") or "", headers.get("X-ClickHouse-Key") or ""
    url = dict(parse_qsl(query_string, keep_blank_values=True))
    return url.get("user", "default"), url.get("password", "")


def same_secret(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how far."""
    return hmac.compare_digest(given.encode(), expected.encode())
