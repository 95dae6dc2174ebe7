"""Who takes part in an experiment, and with which variant: by draws alone."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.experiments.assignment import Split, draw, draw_sql, parts_of, salt_of
from bihuan.experiments.layers import Slots, in_slots, in_slots_sql
from bihuan.experiments.models import Experiment
from bihuan.experiments.schemas import Plan


def layer_salt(project_id: str, layer_id: str) -> str:
    """The salt of a layer's draws."""
    return salt_of(project_id, f"layer/{layer_id}")


@dataclass(frozen=True)
class Draws:
    """The draws of an experiment.

    Taking part and the variant are drawn apart, so that more traffic adds people and moves nobody, and
    weights can change without moving more people than they must.

    Args:
        variants: the split among those who take part.
        traffic: salt and millionths of those who take part, without a layer.
        layer: the layer's salt and the range of its draws.
    """

    variants: Split
    traffic: tuple[str, int]
    layer: tuple[str, Slots] | None = None

    @classmethod
    def of(cls, row: Experiment, plan: Plan) -> Draws:
        """The draws of an experiment with its weights of now."""
        shares = row.weights or plan.shares
        salt = salt_of(row.project_id, row.salt)
        # In the order of the plan, whatever the database made of the order of keys.
        ordered = tuple((each.key, shares[each.key]) for each in plan.variants)
        layer = None
        if row.layer_id is not None and row.slots is not None:
            layer = (layer_salt(row.project_id, row.layer_id), (row.slots[0], row.slots[1]))
        return cls(
            Split(f"{salt}/variant", ordered), (f"{salt}/traffic", parts_of(plan.traffic / 100)), layer
        )

    def takes_part(self, person: int) -> bool:
        """Whether a person is among those who take part."""
        if self.layer is not None:
            return in_slots(*self.layer, person)
        return draw(self.traffic[0], person) < self.traffic[1]

    def variant(self, person: int) -> str | None:
        """The person's variant; None for who does not take part."""
        return self.variants.group(person) if self.takes_part(person) else None

    def variant_sql(self, person: str) -> str:
        """SQL String of the same, '' for who does not take part."""
        if self.layer is not None:
            takes_part = in_slots_sql(*self.layer, person)
        else:
            takes_part = f"({draw_sql(self.traffic[0], person)} < {self.traffic[1]})"
        return f"if({takes_part}, {self.variants.group_sql(person)}, '')"
