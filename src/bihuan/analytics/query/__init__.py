"""Query values that the API, the command line, the UI and saved insights share."""

from bihuan.analytics.calendar import DateUnit, Interval
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.breakdown import (
    Breakdown,
    Breakdowns,
    BreakdownValue,
    BreakdownValues,
    range_label,
)
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import (
    AnyFilter,
    Filter,
    FilterGroup,
    FlagFilter,
    ListFilter,
    NumberFilter,
    PresenceFilter,
    RecencyFilter,
    TextFilter,
    TimeFilter,
)
from bihuan.analytics.query.measure import (
    Count,
    FirstEver,
    Measure,
    People,
    PerPerson,
    PropertyMeasure,
    Sessions,
)
from bihuan.analytics.query.period import Current, Dates, DayRange, Last, Period, day_range, resolve
from bihuan.analytics.query.properties import FIELDS, PropertyRef
from bihuan.analytics.query.query import Query, Selection

__all__ = [
    "FIELDS",
    "AnyFilter",
    "Breakdown",
    "BreakdownValue",
    "BreakdownValues",
    "Breakdowns",
    "Count",
    "Current",
    "DateUnit",
    "Dates",
    "DayRange",
    "EventSelector",
    "Filter",
    "FilterGroup",
    "FirstEver",
    "FlagFilter",
    "Interval",
    "Last",
    "ListFilter",
    "Measure",
    "NumberFilter",
    "People",
    "PerPerson",
    "Period",
    "PresenceFilter",
    "PropertyMeasure",
    "PropertyRef",
    "Query",
    "RecencyFilter",
    "Selection",
    "Sessions",
    "TextFilter",
    "TimeFilter",
    "Value",
    "day_range",
    "range_label",
    "resolve",
]
