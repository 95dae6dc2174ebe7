"""Public links: one insight or board for whoever has the link, until it expires."""

from bihuan.insights.sharing.embedding import PublicPages

__all__ = ["PublicPages"]
