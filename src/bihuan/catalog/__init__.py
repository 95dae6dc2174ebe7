"""The tracking plan 埋点方案: what is expected of events and properties, and what traffic shows."""

from __future__ import annotations

from bihuan.catalog.batches import learn_batch, set_apart
from bihuan.catalog.checking import PlanChecker, Violation
from bihuan.catalog.documents import from_xlsx, from_yaml, to_xlsx, to_yaml
from bihuan.catalog.learning import learn, learn_names
from bihuan.catalog.personal.routes import router as personal_router
from bihuan.catalog.repository import planned_names
from bihuan.catalog.routes import router
from bihuan.catalog.schemas import PlanDocument, PlanEvent, PlanProperty, PlanSettingsChange
from bihuan.catalog.service import (
    PlanChanged,
    PlanKeeper,
    Violations,
    change_settings,
    export_plan,
    import_plan,
    put_event,
)

__all__ = [
    "PlanChanged",
    "PlanChecker",
    "PlanDocument",
    "PlanEvent",
    "PlanKeeper",
    "PlanProperty",
    "PlanSettingsChange",
    "Violation",
    "Violations",
    "change_settings",
    "export_plan",
    "from_xlsx",
    "from_yaml",
    "import_plan",
    "learn",
    "learn_batch",
    "learn_names",
    "personal_router",
    "planned_names",
    "put_event",
    "router",
    "set_apart",
    "to_xlsx",
    "to_yaml",
]
