"""A persona facet by facet, each as soon as it is known, then the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field

from bihuan.analytics import persona
from bihuan.analytics.persona import FacetComparison, Persona, PersonaQuery, Sets
from bihuan.audiences.refreshing.schemas import Failure
from bihuan.audiences.studies.asking import Study
from bihuan.database import utc_now
from bihuan.kernel.errors import BihuanError

Rows = Sequence[Sequence[Any]]


class PersonaPart(BaseModel):
    """A line of the answer: after each facet what it says by itself, or why it could not be asked.

    What is surely different is known at the end, when all facets were looked at together: the last line has
    the whole ``persona``, without the facets that failed (it is null if all did).
    """

    done: int
    total: int
    at: int | None = Field(description="The place of the facet in the query; null in the last line.")
    facet: FacetComparison | None = None
    error: Failure | None = None
    persona: Persona | None = None


def persona_parts(asking: Study, query: PersonaQuery, sets: Sets, sizes: Rows) -> Iterator[PersonaPart]:
    """Ask the facets of a persona one by one."""
    total = len(query.facets)
    found: dict[int, Rows] = {}
    for at, facet in enumerate(query.facets):
        part = PersonaPart(done=at + 1, total=total, at=at)
        try:
            found[at] = asking.rows(persona.facet_sql(asking.context, facet, sets))
            part.facet = _alone(_whole(query, sets, sizes, {at: found[at]}).facets[0])
        except BihuanError as error:
            part.error = Failure(
                code=error.code, en=error.message("en"), zh=error.message("zh"), at=utc_now()
            )
        yield part
    whole = _whole(query, sets, sizes, found) if found else None
    yield PersonaPart(done=total, total=total, at=None, persona=whole)


def _whole(query: PersonaQuery, sets: Sets, sizes: Rows, found: dict[int, Rows]) -> Persona:
    """The persona of some of the facets, which keep their places."""
    places = sorted(found)
    some = query.model_copy(update={"facets": tuple(query.facets[at] for at in places)})
    rows = [found[at] for at in places]
    read = persona.read_persona(some, sizes, rows, against_everyone=sets.other is None)
    facets = tuple(each.model_copy(update={"facet": places[each.facet]}) for each in read.facets)
    findings = tuple(each.model_copy(update={"facet": places[each.facet]}) for each in read.findings)
    return read.model_copy(update={"facets": facets, "findings": findings})


def _alone(facet: FacetComparison) -> FacetComparison:
    # Among how many comparisons it is one, and so how sure it is, is not known yet.
    values = tuple(each.model_copy(update={"adjusted": None}) for each in facet.values)
    return facet.model_copy(update={"values": values})
