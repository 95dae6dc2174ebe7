"""A population with known behaviour: to rehearse a plan, to test the measurement, and to drive a system.

Arrays in memory; the only ways out are the events of ``events`` and the port ``World`` of ``driving``.
"""

from bihuan.simulate.behaviour import Behaviour, Season
from bihuan.simulate.driving import Driver, Received, World
from bihuan.simulate.events import ORDER, VISIT, events_of, profiles_of
from bihuan.simulate.living import Days, live
from bihuan.simulate.population import Population, draw_population
from bihuan.simulate.rehearsal import Guess, Rehearsal, RehearsalPlan, Spread, rehearse
from bihuan.simulate.trials import Reading, Trials, measure

__all__ = [
    "ORDER",
    "VISIT",
    "Behaviour",
    "Days",
    "Driver",
    "Guess",
    "Population",
    "Reading",
    "Received",
    "Rehearsal",
    "RehearsalPlan",
    "Season",
    "Spread",
    "Trials",
    "World",
    "draw_population",
    "events_of",
    "live",
    "measure",
    "profiles_of",
    "rehearse",
]
