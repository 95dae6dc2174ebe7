"""Live audiences and tags: membership changes within seconds of what people do."""

from bihuan.audiences.live.following import Following

__all__ = ["Following"]
