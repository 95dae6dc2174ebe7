"""How many files this process may have open."""

from __future__ import annotations

import contextlib

try:
    import resource
except ImportError:  # not a Unix
    resource = None  # type: ignore[assignment]

# The embedded engine has some for each part of each table; shells allow 1,024 by default.
WANTED = 65_536


def allow_many_open_files() -> None:
    """Raise this process's own limit as far as the system lets it, up to 65,536; never lower it."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
