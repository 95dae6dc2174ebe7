"""A server is not held to the few open files a shell allows."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import resource
from bihuan.kernel.open_files import allow_many_open_files
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
allow_many_open_files()
soft, after = resource.getrlimit(resource.RLIMIT_NOFILE)
assert after == hard
assert soft == min(65_536, hard), (soft, hard)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
allow_many_open_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
"""


def test_the_limit_is_raised_and_never_lowered() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)
