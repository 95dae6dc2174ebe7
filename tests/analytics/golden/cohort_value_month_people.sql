SELECT DISTINCT person FROM (
SELECT started.person AS person, started.cohort AS cohort, bitShiftRight(returned.set, toUInt16(cohort)) AS later, arrayMap(u -> toInt32(u) - cohort, returned.units) AS ages, returned.amounts AS age_amounts
FROM (
SELECT person, argMin(unit, time) AS cohort FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1732982400000, 2678400000)) AS unit,
    e.time AS time,
    e.event_id AS event_id
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
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1732982400000, 2678400000)) AS unit,
    e.properties.`$revenue` AS amount
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-11-30') AND e.time >= fromUnixTimestamp64Milli(1732982400000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-31') AND e.time < fromUnixTimestamp64Milli(1738339200000, 'UTC')
) WHERE isNotNull(amount) GROUP BY person, unit
) GROUP BY person
) AS returned ON returned.person = started.person
)
WHERE cohort + 1 <= 1 AND (bitAnd(later, toUInt64('3')) != 0)
