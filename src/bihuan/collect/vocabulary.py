"""The standard vocabulary as collection uses it; defined in the kernel because the warehouse types it."""

from bihuan.kernel.vocabulary import (
    GROUP_IDENTIFY,
    PAGE_VIEW,
    SCREEN_VIEW,
    SESSION_END,
    SESSION_START,
    STANDARD,
    StandardType,
)

__all__ = [
    "GROUP_IDENTIFY",
    "PAGE_VIEW",
    "SCREEN_VIEW",
    "SESSION_END",
    "SESSION_START",
    "STANDARD",
    "StandardType",
]
