SELECT 1 AS is_overall, '' AS key, is_total AS is_total, bucket AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT code, start.1 AS is_total, start.2 AS bucket, start.3 AS level, optional FROM (
SELECT code, 0 AS optional, arrayJoin(arrayPushBack(arrayMap(s -> (toUInt8(0), s.1, s.2), starts), (toUInt8(1), toInt64(0), level))) AS start FROM (
SELECT person, 0 AS code, max(unit.level) AS level, arrayZip((maxMap(arrayMap(s -> s.1, unit.starts), arrayMap(s -> s.2, unit.starts)) AS best).1, best.2) AS starts FROM (
SELECT person, level, starts FROM (
SELECT *, arrayFilter(s -> s.2 > 0, arrayMap((x, v) -> (toInt64(toInt64(toDate(fromUnixTimestamp64Milli(toInt64(bitShiftRight(x, 8)), 'UTC'), 'Asia/Shanghai')) - (toDayOfWeek(toDate(fromUnixTimestamp64Milli(toInt64(bitShiftRight(x, 8)), 'UTC'), 'Asia/Shanghai')) + 7 - 1) % 7), v), sequence, begun)) AS starts, arrayMax(begun) AS level FROM (
SELECT *, arrayMap((x, v2, v3) -> if(bitTest(x, 0) AND toInt64(bitShiftRight(x, 8)) < 1715184000000, toUInt8(1 + (v2 > 0 AND v2 - toInt64(bitShiftRight(x, 8)) <= 86400000) + (v3 > 0 AND v3 - toInt64(bitShiftRight(x, 8)) <= 86400000)), toUInt8(0)), sequence, arrayPushBack(arrayPopFront(g2_2), toInt64(0)), arrayPushBack(arrayPopFront(g2_3), toInt64(0))) AS begun FROM (
SELECT *, arrayReverseFill(v -> v >= 0, h2_2) AS g2_2, arrayReverseFill(v -> v >= 0, h2_3) AS g2_3 FROM (
SELECT *, arrayMap(x -> multiIf(bitTest(x, 1), toInt64(bitShiftRight(x, 8)), false, toInt64(0), toInt64(-1)), sequence) AS h2_2, arrayMap((x, v) -> multiIf(bitTest(x, 1), v, false, toInt64(0), toInt64(-1)), sequence, arrayPushBack(arrayPopFront(g3_3), toInt64(0))) AS h2_3 FROM (
SELECT *, arrayReverseFill(v -> v >= 0, h3_3) AS g3_3 FROM (
SELECT *, arrayMap(x -> multiIf(bitTest(x, 2), toInt64(bitShiftRight(x, 8)), false, toInt64(0), toInt64(-1)), sequence) AS h3_3 FROM (
SELECT person, arraySort(groupArray(bitOr(bitOr(bitShiftLeft(toUInt64(ms), 8), bitShiftLeft(toUInt64(multiIf(s0, 1, s1, 2, s2, 3, 4)), 3)), bitShiftLeft(toUInt64(s0), 0) + bitShiftLeft(toUInt64(s1), 1) + bitShiftLeft(toUInt64(s2), 2)))) AS sequence FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2
FROM events AS e
WHERE e.event IN ('cart', 'pay', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-09') AND e.time < fromUnixTimestamp64Milli(1715270400000, 'UTC')
) GROUP BY person
)
)
)
)
)
)
)
) AS unit GROUP BY person HAVING level > 0
))
) GROUP BY is_total, bucket
