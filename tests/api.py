"""A small server of some routers, with errors in the one shape of the API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from bihuan.kernel.errors import BihuanError


def api(router: APIRouter, **state: Any) -> FastAPI:
    """An application with the routes of ``router``; ``state`` is set on ``app.state``."""
    app = FastAPI()
    for name, value in state.items():
        setattr(app.state, name, value)
    app.include_router(router)

    @app.exception_handler(BihuanError)
    def answer(_request: Request, error: BihuanError) -> JSONResponse:
        return JSONResponse(error.as_dict("en"), error.status)

    return app
