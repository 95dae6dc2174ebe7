SELECT cohort, count() AS size, [countIf(bitAnd(later, toUInt64('2147483647')) != 0), countIf(bitAnd(later, toUInt64('2147483646')) != 0), countIf(bitAnd(later, toUInt64('2147483644')) != 0), countIf(bitAnd(later, toUInt64('2147483640')) != 0), countIf(bitAnd(later, toUInt64('2147483632')) != 0), countIf(bitAnd(later, toUInt64('2147483616')) != 0), countIf(bitAnd(later, toUInt64('2147483584')) != 0), countIf(bitAnd(later, toUInt64('2147483520')) != 0), countIf(bitAnd(later, toUInt64('2147483392')) != 0), countIf(bitAnd(later, toUInt64('2147483136')) != 0), countIf(bitAnd(later, toUInt64('2147482624')) != 0)] AS people, CAST([] AS Array(Float64)) AS amounts, toFloat64(0) AS base
FROM (
SELECT person, cohort, bitShiftRight(returned, toUInt16(cohort)) AS later FROM (
SELECT person, started_first AS cohort, returned FROM (
SELECT
    person,
    groupBitOr(if(is_started AND time < fromUnixTimestamp64Milli(1733673600000, 'UTC') AND time >= fromUnixTimestamp64Milli(1733068800000, 'UTC'), bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS started,
    min(toInt32(multiIf(NOT (is_started AND time < fromUnixTimestamp64Milli(1733673600000, 'UTC')), 31, time < fromUnixTimestamp64Milli(1733068800000, 'UTC'), -1, unit))) AS started_first,
    groupBitOr(if(is_returned AND time >= fromUnixTimestamp64Milli(1733068800000, 'UTC'), bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS returned
FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 86400000)) AS unit,
    e.time AS time,
    e.event IN ('sign_up') AS is_started,
    true AS is_returned
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735747200000, 'UTC')
    AND (e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC') OR (e.event IN ('sign_up')))
)
GROUP BY person
)
WHERE cohort BETWEEN 0 AND 6
)
)
GROUP BY cohort
