SELECT cohort, sum(cell_size) AS size, sumForEach(cell_people) AS people, sumForEach(cell_amounts) AS amounts, sum(cell_base) AS base, if(rank0 <= 3, b0, 'o') AS k0
FROM (
SELECT *, dense_rank() OVER (ORDER BY weight0 DESC, b0) AS rank0 FROM (
SELECT cohort, size AS cell_size, people AS cell_people, amounts AS cell_amounts, base AS cell_base, b0, sum(size) OVER (PARTITION BY b0) AS weight0 FROM (
SELECT cohort, count() AS size, [countIf(bitAnd(later, toUInt64('1')) != 0), countIf(bitAnd(later, toUInt64('2')) != 0), countIf(bitAnd(later, toUInt64('6')) != 0), countIf(bitAnd(later, toUInt64('12')) != 0)] AS people, [sum(arraySum((age, amount) -> if(age >= 0 AND age <= 0, amount, 0), ages, age_amounts)), sum(arraySum((age, amount) -> if(age >= 1 AND age <= 1, amount, 0), ages, age_amounts)), sum(arraySum((age, amount) -> if(age >= 1 AND age <= 2, amount, 0), ages, age_amounts)), sum(arraySum((age, amount) -> if(age >= 2 AND age <= 3, amount, 0), ages, age_amounts))] AS amounts, sum(arraySum((age, amount) -> if(age >= 0 AND age <= 0, amount, 0), ages, age_amounts)) AS base, b0
FROM (
SELECT started.person AS person, started.cohort AS cohort, bitShiftRight(returned.set, toUInt16(cohort)) AS later, arrayMap(u -> toInt32(u) - cohort, returned.units) AS ages, returned.amounts AS age_amounts, started.b0 AS b0
FROM (
SELECT person, argMin(unit, time) AS cohort, argMin(b0, (time, event_id)) AS b0 FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 604800000)) AS unit,
    e.time AS time,
    e.event_id AS event_id,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY person HAVING toUnixTimestamp64Milli(min(time)) >= 1733068800000
) AS started
LEFT ANY JOIN (
SELECT person, groupBitOr(if(true, bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS set, groupArray(unit) AS units, groupArray(unit_amount) AS amounts FROM (
SELECT person, unit, sum(toFloat64(assumeNotNull(amount))) AS unit_amount FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 604800000)) AS unit,
    e.properties.`$revenue` AS amount
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-29') AND e.time < fromUnixTimestamp64Milli(1735488000000, 'UTC')
) WHERE isNotNull(amount) GROUP BY person, unit
) GROUP BY person
) AS returned ON returned.person = started.person
)
GROUP BY cohort, b0
)
)
)
GROUP BY cohort, k0
