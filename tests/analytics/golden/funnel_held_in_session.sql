SELECT 1 AS is_overall, '' AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT person, 0 AS code, max(unit.level) AS level FROM (
SELECT person, held, level FROM (
SELECT *, toUInt8(countEqual([arrayExists(v -> v > 0, c1), arrayExists(v -> v > 0, c2), arrayExists(v -> v > 0, c3)], 1)) AS level FROM (
SELECT *, arrayFill(v -> v >= 0, c3) AS l3 FROM (
SELECT *, arrayMap((x, p) -> multiIf(bitTest(x, 2) AND p > 0 AND true, p, false, toInt64(0), toInt64(-1)), sequence, arrayPushFront(arrayPopBack(l2), toInt64(0))) AS c3 FROM (
SELECT *, arrayFill(v -> v >= 0, c2) AS l2 FROM (
SELECT *, arrayMap((x, p) -> multiIf(bitTest(x, 1) AND p > 0 AND true, p, false, toInt64(0), toInt64(-1)), sequence, arrayPushFront(arrayPopBack(l1), toInt64(0))) AS c2 FROM (
SELECT *, arrayFill(v -> v >= 0, c1) AS l1 FROM (
SELECT *, arrayMap(x -> multiIf(bitTest(x, 0) AND toInt64(bitShiftRight(x, 8)) < 1715184000000, toInt64(bitShiftRight(x, 8)), false, toInt64(0), toInt64(-1)), sequence) AS c1 FROM (
SELECT person, part.1 AS held, arrayMap(x -> x.1, arrayFilter(x -> x.2 = part, session)) AS sequence FROM (
SELECT person, session, arrayJoin(arrayDistinct(arrayMap(x -> x.2, session))) AS part FROM (
SELECT person, arrayJoin(arraySplit((x, p) -> p, events, arrayMap(d -> d > 1800000, arrayDifference(arrayMap(x -> toInt64(bitShiftRight(x.1, 8)), events))))) AS session FROM (
SELECT person, arraySort(groupArray((bitOr(bitOr(bitShiftLeft(toUInt64(ms), 8), bitShiftLeft(toUInt64(multiIf(s0, 1, s1, 2, s2, 3, 4)), 3)), bitShiftLeft(toUInt64(s0), 0) + bitShiftLeft(toUInt64(s1), 1) + bitShiftLeft(toUInt64(s2), 2)), (held,)))) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    ifNull(concat('v', multiIf(isNotNull(e.properties.`order`.:String), e.properties.`order`.:String, isNotNull(e.properties.`order`.:Float64), toString(e.properties.`order`.:Float64), toString(e.properties.`order`.:Bool))), 'n') AS held
FROM events AS e
WHERE e.person_id < 9223372036854775808
    AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
UNION ALL
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    ifNull(concat('v', multiIf(isNotNull(e.properties.`order`.:String), e.properties.`order`.:String, isNotNull(e.properties.`order`.:Float64), toString(e.properties.`order`.:Float64), toString(e.properties.`order`.:Bool))), 'n') AS held
FROM events AS e
WHERE e.person_id >= 9223372036854775808
    AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
) GROUP BY person
)
)
) WHERE held != 'n'
)
)
)
)
)
)
)
)
) AS unit GROUP BY person HAVING level > 0
)
