"""Persona: who an audience is, against everyone or another audience; overlap and flow of audiences."""

from bihuan.analytics.persona.overlap import (
    MOST_SETS,
    Intersection,
    Overlap,
    held_sql,
    overlap_people_sql,
    overlap_sql,
    read_overlap,
)
from bihuan.analytics.persona.query import (
    STANDARD_FACETS,
    AnyFacet,
    AtTouch,
    Events,
    Facet,
    FacetSelection,
    Hours,
    OfNumber,
    OfPerson,
    PersonaQuery,
)
from bihuan.analytics.persona.result import FacetComparison, Finding, Interval, Persona, Shares, read_persona
from bihuan.analytics.persona.sql import Sets, facet_people_sql, facet_sql, sizes_sql

__all__ = [
    "MOST_SETS",
    "STANDARD_FACETS",
    "AnyFacet",
    "AtTouch",
    "Events",
    "Facet",
    "FacetComparison",
    "FacetSelection",
    "Finding",
    "Hours",
    "Intersection",
    "Interval",
    "OfNumber",
    "OfPerson",
    "Overlap",
    "Persona",
    "PersonaQuery",
    "Sets",
    "Shares",
    "facet_people_sql",
    "facet_sql",
    "held_sql",
    "overlap_people_sql",
    "overlap_sql",
    "read_overlap",
    "read_persona",
    "sizes_sql",
]
