"""Whether everything is well, and how to mend what is not."""

from bihuan.server.doctor.checks import Check, CheckState
from bihuan.server.doctor.local import local_checks
from bihuan.server.doctor.routes import router

__all__ = ["Check", "CheckState", "local_checks", "router"]
