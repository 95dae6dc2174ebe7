SELECT 1 AS is_overall, '' AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [(countIf(level >= 2), avgIf((times[2] - times[1]), level >= 2), quantilesExactInclusiveIf(0.5, 0.1, 0.25, 0.5, 0.75, 0.9)((times[2] - times[1]), level >= 2), countIfResample(0, 19, 1)(level >= 2, transform(roundDown((times[2] - times[1]), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)')), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], 0))), (countIf(level >= 3), avgIf((times[3] - times[2]), level >= 3), quantilesExactInclusiveIf(0.5, 0.1, 0.25, 0.5, 0.75, 0.9)((times[3] - times[2]), level >= 3), countIfResample(0, 19, 1)(level >= 3, transform(roundDown((times[3] - times[2]), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)')), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], 0))), (countIf(level >= 3), avgIf((times[3] - times[1]), level >= 3), quantilesExactInclusiveIf(0.5, 0.1, 0.25, 0.5, 0.75, 0.9)((times[3] - times[1]), level >= 3), countIfResample(0, 19, 1)(level >= 3, transform(roundDown((times[3] - times[1]), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)')), CAST([0, 1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 7200000, 14400000, 28800000, 43200000, 86400000], 'Array(Int64)'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], 0)))] AS times
FROM (
SELECT person, 0 AS code, level, times FROM (
SELECT person, level, times FROM (
SELECT *, if(level > 1, arraySlice([toInt64(bitShiftRight(t1, 2)), toInt64(bitShiftRight(t2, 2)), toInt64(bitShiftRight(t3, 2))], 1, level), emptyArrayInt64()) AS times FROM (
SELECT *, multiIf(level = 2, sequence[i2], level > 2, arrayFirst(x -> bitAnd(x, 3) = 1 AND x < t3, sequence), toUInt64(0)) AS t2 FROM (
SELECT *, multiIf(level = 3, sequence[i3], toUInt64(0)) AS t3 FROM (
SELECT *, if(level > 1, [b2[i2], b3[i3]][level - 1], toUInt64(0)) AS t1 FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3) = 0 AND b2[1] < 6860736000000) * (1 + (i2 > 0) + (i3 > 0))) AS level FROM (
SELECT *, arrayLastIndex((x, p) -> bitAnd(x, 3) = 1 AND bitAnd(p, 3) = 0 AND x - p <= 345600003, sequence, b2) AS i2, arrayLastIndex((x, p) -> bitAnd(x, 3) = 2 AND p > 0 AND x - p <= 345600003, sequence, b3) AS i3 FROM (
SELECT *, arrayReverseFill(p -> p > 0, c2) AS b3 FROM (
SELECT *, arrayMap((x, p) -> p * (bitAnd(x, 3) = 1 AND bitAnd(p, 3) = 0), sequence, b2) AS c2 FROM (
SELECT *, arrayReverseFill(x -> bitAnd(x, 3) = 0 AND x < 6860736000000, sequence) AS b2 FROM (
SELECT *, arrayCompact(x -> if(bitAnd(x, 3) = 0 AND x < 6860736000000, 0, x), events) AS sequence FROM (
SELECT person, arrayReverseSort(groupArray(item)) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 2), transform(e.event, ['view', 'cart', 'pay'], [0, 1, 2], 3)) AS item
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
) WHERE level > 0
)
