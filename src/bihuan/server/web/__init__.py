"""The pages of the web UI: files that the package's build made, each address of a page answered by the first."""

from bihuan.server.web.pages import WebPages

__all__ = ["WebPages"]
