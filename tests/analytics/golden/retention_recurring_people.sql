SELECT DISTINCT person FROM (
SELECT person, cohort, bitShiftRight(returned, toUInt16(cohort)) AS later FROM (
SELECT person, arrayJoin(bitPositionsToArray(started)) AS cohort, returned FROM (
SELECT
    person,
    groupBitOr(if(is_started AND time < fromUnixTimestamp64Milli(1733673600000, 'UTC'), bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS started,
    groupBitOr(if(is_returned, bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS returned
FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 86400000)) AS unit,
    e.time AS time,
    e.event IN ('view') AS is_started,
    e.event IN ('buy') AS is_returned
FROM events AS e
WHERE e.event IN ('buy', 'view')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-18') AND e.time < fromUnixTimestamp64Milli(1734537600000, 'UTC')
)
GROUP BY person
)
)
)
WHERE cohort + 2 <= 17 AND NOT (bitAnd(later, toUInt64('4')) != 0) AND cohort = 1
