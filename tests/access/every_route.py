"""Every route of the server, with what it asks of its caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from bihuan.access import DECLARED

# Pages of the framework: they say what the API is, not what is in it.
FRAMEWORK = {"/api/docs", "/api/docs/oauth2-redirect"}


def routes_of(api: FastAPI) -> list[APIRoute]:
    """The routes, those of included routers too, but for those of the framework."""
    return [route for route in _routes(api.routes) if route.path not in FRAMEWORK]


def _routes(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _routes(included.routes)
        elif isinstance(route, APIRoute):
            yield route


def declared(route: APIRoute) -> list[str]:
    """What a route's signature asks for: permissions, or any, instance, session, public."""
    calls: list[Any] = [dependency.call for dependency in route.dependant.dependencies]
    return [DECLARED[call] for call in calls if call in DECLARED]


def undeclared(api: FastAPI) -> list[str]:
    """Routes that let anybody in because nobody said otherwise."""
    return [f"{sorted(route.methods)[0]} {route.path}" for route in routes_of(api) if not declared(route)]
