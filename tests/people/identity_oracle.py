"""Who is who, from the definition alone: sets of ids joined one statement at a time."""

from __future__ import annotations

import uuid

from bihuan.people.identity.links import UNUSABLE_IDS, Link


def undone_rows(log: list[Link]) -> set[uuid.UUID]:
    """Ids of rows that are not in force, by asking of each row who takes it back."""
    rows = {row.link_id: row for row in log}

    def stands(row: Link) -> bool:
        return not any(
            other.kind == "undo" and other.target == row.link_id and other.order > row.order and stands(other)
            for other in rows.values()
        )

    out = {row.link_id for row in rows.values() if not stands(row)}
    joins = [row for row in rows.values() if row.kind in ("link", "alias")]
    pairs = [{row.from_id, row.to_id} for row in joins if row.link_id in out]
    return out | {row.link_id for row in joins if {row.from_id, row.to_id} in pairs}


def oracle(log: list[Link]) -> tuple[dict[str, str], set[uuid.UUID]]:
    """(id to the id of its person, rows refused)."""
    undone = undone_rows(log)
    rows = sorted({row.link_id: row for row in log}.values(), key=lambda row: row.order)
    groups: list[tuple[str, set[str]]] = [
        (name, {name}) for name in {n for row in rows for n in (row.from_id, row.to_id)}
    ]
    active = [row for row in rows if row.link_id not in undone and row.kind != "undo"]
    usable = [r for r in active if not {r.from_id.strip().lower(), r.to_id.strip().lower()} & UNUSABLE_IDS]
    known = {r.to_id for r in active if r.kind == "link" and r.to_id.strip().lower() not in UNUSABLE_IDS}
    refused = {row.link_id for row in active if row not in usable}

    def group(name: str) -> tuple[str, set[str]]:
        return next(each for each in groups if name in each[1])

    for row in [r for r in usable if r.kind != "merge"] + [r for r in usable if r.kind == "merge"]:
        left, right = group(row.from_id), group(row.to_id)
        if left is right:
            continue
        if row.kind != "merge" and left[1] & known and right[1] & known:
            refused.add(row.link_id)
            continue
        groups.remove(left)
        groups.remove(right)
        head = left[0] if row.kind != "merge" and left[1] & known else right[0]
        groups.append((head, left[1] | right[1]))
    names = {name: head for head, members in groups for name in members}
    by_id = {row.link_id: row for row in rows}
    still = {
        each
        for each in refused
        if by_id[each] not in usable or names[by_id[each].from_id] != names[by_id[each].to_id]
    }
    return names, still
