"""The HTTP server: collection, the API and its description."""

from bihuan.server.app import create_server

__all__ = ["create_server"]
