"""One comparison read in three ways: for one look, for every look, and as a belief."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bihuan.experiments.measuring.metrics import Better
from bihuan.stats.experiments import Arm, Inference, compare
from bihuan.stats.experiments.bayes import beliefs, believed_difference, posterior
from bihuan.stats.proportions import Interval


@dataclass(frozen=True)
class Ways:
    """Of the difference; None where there is none. ``chance`` and ``loss`` are of choosing the variant."""

    once: Interval | None = None
    any_time: Interval | None = None
    believed: Interval | None = None
    chance: float | None = None
    loss: float | None = None


def ways_of(control: Arm, treated: Arm, how: Inference, better: Better) -> Ways:
    """A variant against the control in every way that there is."""
    once, any_time = (
        compare(control, treated, replace(how, looks=looks)).difference for looks in ("once", "any_time")
    )
    below, above = posterior(control), posterior(treated)
    if below is None or above is None:
        return Ways(once, any_time)
    mine = beliefs([below, above], higher_is_better=better == "higher", confidence=how.confidence)[1]
    believed = believed_difference(below, above, confidence=how.confidence)
    return Ways(once, any_time, believed, mine.best, mine.loss)
