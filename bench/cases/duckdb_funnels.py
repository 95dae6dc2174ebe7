"""Funnels in DuckDB: as-of joins backwards from the rarer later steps.

A chain that ends in an event of step k exists within the window exactly if the latest events of the steps
before it, each as late as the next one allows, lie within the window.
"""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = "INTERVAL 7 DAY"


def chains(steps: Sequence[str]) -> str:
    """For each event of the last step the latest chain that leads to it: person, t1 … tn."""
    last = len(steps)
    sql = f"SELECT person, time AS t{last} FROM events WHERE event = '{steps[-1]}'"
    for number in range(last - 1, 0, -1):
        times = ", ".join(f"later.t{later}" for later in range(number + 1, last + 1))
        sql = (
            f"SELECT later.person, earlier.time AS t{number}, {times} FROM ({sql}) AS later ASOF JOIN "
            f"(SELECT person, time FROM events WHERE event = '{steps[number - 1]}') AS earlier "
            f"ON later.person = earlier.person AND earlier.time <= later.t{number + 1}"
        )
    return sql


def ordered_sql(steps: Sequence[str]) -> str:
    """One row: people who got to each step."""
    counts = [f"(SELECT count(DISTINCT person) FROM events WHERE event = '{steps[0]}')"]
    for number in range(2, len(steps) + 1):
        counts.append(
            f"(SELECT count(DISTINCT person) FROM ({chains(steps[:number])}) WHERE t{number} <= t1 "
            f"+ {WINDOW})"
        )
    return "SELECT " + ", ".join(counts)


def breakdown_sql(steps: Sequence[str]) -> str:
    """One row for each channel of a person's first event of any step: people who got to each step."""
    reached = [
        f"SELECT DISTINCT person, {number} AS level FROM ({chains(steps[:number])}) WHERE "
        f"t{number} <= t1 + {WINDOW}"
        for number in range(2, len(steps) + 1)
    ]
    names = ", ".join(f"'{step}'" for step in steps)
    levels = " UNION ALL ".join(reached)
    counts = ", ".join(f"count(*) FILTER (level >= {number})" for number in range(1, len(steps) + 1))
    return (
        f"WITH touches AS (SELECT person, arg_min(channel, time) AS channel, bool_or(event = "
        f"'{steps[0]}') AS entered "
        f"FROM events WHERE event IN ({names}) GROUP BY person), "
        f"best AS (SELECT person, max(level) AS level FROM ({levels}) GROUP BY person) "
        f"SELECT {counts}, channel FROM (SELECT channel, coalesce(level, 1) AS level "
        "FROM touches LEFT JOIN best USING (person) WHERE entered) GROUP BY channel"
    )


def strict_sql(steps: Sequence[str]) -> str:
    """One row: people whose neighbouring events are the steps."""
    last = len(steps)
    leads = ", ".join(
        f"lead(event, {number}) OVER person_order AS e{number + 1}, lead(time, {number}) OVER "
        f"person_order AS t{number + 1}"
        for number in range(1, last)
    )
    counts = []
    for reached in range(1, last + 1):
        same = [f"e{number} = '{steps[number - 1]}'" for number in range(1, reached + 1)]
        within = [f"t{reached} <= t1 + {WINDOW}"] if reached > 1 else []
        counts.append(f"count(DISTINCT person) FILTER ({' AND '.join([*same, *within])})")
    return (
        f"SELECT {', '.join(counts)} FROM (SELECT person, event AS e1, time AS t1, {leads} FROM events "
        f"WINDOW person_order AS (PARTITION BY person ORDER BY time)) WHERE e1 = '{steps[0]}'"
    )


def time_sql(steps: Sequence[str]) -> str:
    """One row: people who converted, and the median seconds of the first complete chain of each."""
    last = len(steps)
    return (
        f"SELECT count(*), median(seconds), avg(seconds) FROM (SELECT arg_min(epoch(t{last} - t1), "
        f"t{last}) AS seconds "
        f"FROM ({chains(steps)}) WHERE t{last} <= t1 + {WINDOW} GROUP BY person)"
    )
