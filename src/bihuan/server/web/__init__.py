"""The pages of the web UI: files that the build of the package made."""

from bihuan.server.web.pages import WebPages

__all__ = ["WebPages"]
