"""Ready boards, made of what a project has recorded."""

from bihuan.insights.templates.service import make_all

__all__ = ["make_all"]
