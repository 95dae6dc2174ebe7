"""Audiences 人群: saved sets of people. So far static ones: lists that stay as they were made."""

from bihuan.audiences.routes import router

__all__ = ["router"]
