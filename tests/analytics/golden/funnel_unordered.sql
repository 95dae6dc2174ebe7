SELECT 1 AS is_overall, '' AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT person, 0 AS code, level FROM (
SELECT person, level FROM (
SELECT *, if(level = 0, emptyArrayInt64(), [[st1[place], st2[place], st3[place]][level], first]) AS times FROM (
SELECT *, arrayLastIndex((x, d) -> d = level AND toInt64(bitShiftRight(x, 8)) = first, sequence, done) AS place FROM (
SELECT *, toInt64(bitShiftRight(sequence[indexOf(done, level)], 8)) AS first FROM (
SELECT *, arrayMax(done) AS level FROM (
SELECT *, arrayMap((x, s1, s2, s3) -> toUInt8(multiIf(s3 > 0 AND toInt64(bitShiftRight(x, 8)) - s3 <= 86400000, 3, s2 > 0 AND toInt64(bitShiftRight(x, 8)) - s2 <= 86400000, 2, s1 > 0 AND toInt64(bitShiftRight(x, 8)) - s1 <= 86400000, 1, 0)), sequence, st1, st2, st3) AS done FROM (
SELECT *, arrayMap((m, n) -> least(m, n), m1, n1) AS st1, arrayMap((m, n) -> least(m, n), m2, n2) AS st2, arrayMap((m, n) -> least(m, n), m3, n3) AS st3 FROM (
SELECT *, arrayMap((v0, v1) -> least(v0, v1), a2_1, m2) AS m3 FROM (
SELECT *, arrayMap((v0, v1) -> least(v0, v1), a1_1, m1) AS m2 FROM (
SELECT *, a0_1 AS m1 FROM (
SELECT *, arrayFill(v -> v >= 0, arrayMap(x -> if(toInt64(bitShiftRight(x, 8)) < 1715184000000 AND (bitTest(x, 0)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS n1, arrayFill(v -> v >= 0, arrayMap(x -> if(toInt64(bitShiftRight(x, 8)) < 1715184000000 AND (bitTest(x, 0) OR bitTest(x, 1)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS n2, arrayFill(v -> v >= 0, arrayMap(x -> if(toInt64(bitShiftRight(x, 8)) < 1715184000000 AND (bitTest(x, 0) OR bitTest(x, 1) OR bitTest(x, 2)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS n3 FROM (
SELECT *, arrayFill(v -> v >= 0, arrayMap(x -> if((bitTest(x, 0)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS a0_1, arrayFill(v -> v >= 0, arrayMap(x -> if((bitTest(x, 1)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS a1_1, arrayFill(v -> v >= 0, arrayMap(x -> if((bitTest(x, 2)), toInt64(bitShiftRight(x, 8)), toInt64(-1)), sequence)) AS a2_1 FROM (
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
)
)
)
)
)
) WHERE level > 0
)
