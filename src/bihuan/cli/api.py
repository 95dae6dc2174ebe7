"""The HTTP API as the commands use it: JSON in and out, files streamed, errors as exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx

from bihuan.cli.errors import ProjectNotNamed, RequestRejected, ServerUnreachable, StoresUnavailable
from bihuan.kernel.errors import Language

_UNAVAILABLE = 503
# A query may take as long as the server lets it; a connection is there at once or not at all.
_TIMEOUT = httpx.Timeout(600.0, connect=10.0)
_PAGE = 500


class Api:
    """Requests of one operator to one server.

    Every method raises ``RequestRejected`` (``StoresUnavailable`` for 503) with the server's error, and
    ``ServerUnreachable`` when no whole answer came.
    """

    def __init__(
        self, address: str, key: str, language: Language, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.address = address
        self._client = httpx.Client(
            base_url=address,
            headers={"authorization": f"Bearer {key}", "accept-language": language},
            timeout=_TIMEOUT,
            transport=transport,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        """The JSON at ``path``; parameters that are None are left out."""
        return self._json("GET", path, params=_given(params))

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        """The JSON answer to a JSON body."""
        return self._json("POST", path, json=body, params=_given(params))

    def put(self, path: str, body: Any = None, **params: Any) -> Any:
        """The JSON answer to a JSON body."""
        return self._json("PUT", path, json=body, params=_given(params))

    def patch(self, path: str, body: Any) -> Any:
        """The JSON answer to a JSON body."""
        return self._json("PATCH", path, json=body)

    def delete(self, path: str, **params: Any) -> Any:
        """The JSON answer, or None when there is none."""
        return self._json("DELETE", path, params=_given(params))

    def send(self, method: str, path: str, content: Any, **params: Any) -> Any:
        """The JSON answer to a body of bytes or pieces of bytes."""
        headers = {"content-type": "application/octet-stream"}
        return self._json(method, path, content=content, headers=headers, params=_given(params))

    def upload(self, path: str, name: str, content: bytes, **params: Any) -> Any:
        """The JSON answer to a file in a form."""
        return self._json("POST", path, files={"file": (name, content)}, params=_given(params))

    def items(self, path: str, limit: int | None = None, **params: Any) -> Iterator[dict[str, Any]]:
        """The items of every page, at most ``limit``."""
        cursor: str | None = None
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page = self.get(path, **params, cursor=cursor, limit=size)
            yield from page["items"]
            left = None if left is None else left - len(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    @contextmanager
    def stream(self, method: str, path: str, body: Any = None, **params: Any) -> Iterator[Iterator[bytes]]:
        """The pieces of a file that the server sends."""
        with self._reaching():
            request = self._client.build_request(method, path, json=body, params=_given(params))
            answer = self._client.send(request, stream=True)
            try:
                if answer.is_error:
                    answer.read()
                    _raise(answer)
                yield answer.iter_bytes()
            finally:
                answer.close()

    def project(self, named: str | None) -> str:
        """The path of a project: the named one, or the only one. Raises ``ProjectNotNamed``."""
        if named is None:
            ids = [project["id"] for project in self.items("/api/projects")]
            if len(ids) != 1:
                raise ProjectNotNamed(projects=", ".join(ids) or "-")
            named = ids[0]
        return f"/api/projects/{quote(named, safe='')}"

    def _json(self, method: str, path: str, **arguments: Any) -> Any:
        with self._reaching():
            answer = self._client.request(method, path, **arguments)
        if answer.is_error:
            _raise(answer)
        return answer.json() if answer.content else None

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise ServerUnreachable(address=self.address, reason=reason) from error


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _raise(answer: httpx.Response) -> None:
    try:
        body = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        body = {"message": f"HTTP {answer.status_code}: {answer.text[:200]}"}
    kind = StoresUnavailable if answer.status_code == _UNAVAILABLE else RequestRejected
    raise kind(answer.status_code, body)
