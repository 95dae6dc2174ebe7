"""What the command line's exit codes mean; ``bihuan --help`` lists them."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError

DONE = 0
REFUSED = 1  # the request was refused or failed; the error says why
USAGE = 2  # the command line was not understood
UNREACHABLE = 3  # no server answers, the stores are away, or another process has the directory
NOTHING_GOOD = 4  # an import stored nothing, or a check of doctor failed

_UNREACHABLE_STATUS = 503


def exit_code(error: BihuanError) -> int:
    """The exit code for an error."""
    return UNREACHABLE if error.status == _UNREACHABLE_STATUS else REFUSED
