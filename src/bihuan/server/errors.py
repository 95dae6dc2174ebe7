"""Every failure leaves the API in one shape, in the caller's language."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bihuan.collect import language_of
from bihuan.kernel.errors import BihuanError, Language

_log = logging.getLogger(__name__)


class RequestInvalid(BihuanError):
    """A field of the request breaks its schema."""

    code = "request_invalid"
    status = 422
    messages = {"en": "{path_shown}: {reason}", "zh": "{path_shown}：{reason}"}
    hints = {
        "en": "The schema of every request is at /api/openapi.json, readable at /api/docs.",
        "zh": "所有请求的格式见 /api/openapi.json，可在 /api/docs 阅读。",
    }


class RouteNotFound(BihuanError):
    """No such route, or not with this method."""

    code = "not_found"
    status = 404
    messages = {"en": "There is nothing at this address.", "zh": "该地址不存在。"}


class MethodNotAllowed(BihuanError):
    """The route exists, but not for this method."""

    code = "method_not_allowed"
    status = 405
    messages = {"en": "This address does not take that method.", "zh": "该地址不支持此请求方法。"}


class RequestRefused(BihuanError):
    """The framework refused the request before a route saw it."""

    code = "request_refused"
    status = 400
    messages = {"en": "The request cannot be read.", "zh": "无法读取该请求。"}


_BY_STATUS: dict[int, type[BihuanError]] = {404: RouteNotFound, 405: MethodNotAllowed}


def language(request: Request) -> Language:
    """The language to answer in."""
    return language_of({"accept-language": request.headers.get("accept-language", "")})


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error in the one shape."""

    @app.exception_handler(BihuanError)
    async def expected(request: Request, error: BihuanError) -> JSONResponse:
        return _response(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        path = _field_path(first["loc"])
        fault = RequestInvalid(path=path or None, path_shown=path or "request", reason=first["msg"])
        return _response(request, fault)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        fault = _BY_STATUS.get(error.status_code, RequestRefused)()
        return _response(request, fault, status=error.status_code, headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.exception("unexpected error at %s %s", request.method, request.url.path, exc_info=error)
        return _response(request, BihuanError())


def _response(
    request: Request, error: BihuanError, *, status: int | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    extra = dict(headers or {})
    retry_after = error.params.get("retry_after_seconds")
    if retry_after is not None:
        extra["retry-after"] = str(retry_after)
    return JSONResponse(error.as_dict(language(request)), status_code=status or error.status, headers=extra)


def _field_path(location: tuple[Any, ...]) -> str:
    path = ""
    for part in location[1:] if location and location[0] in ("body", "query", "path", "header") else location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
