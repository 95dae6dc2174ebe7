SELECT 1 AS is_overall, '' AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT person, 0 AS code, level FROM (
SELECT person, level FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3) = 0 AND b2[1] < 6860736000000) * (1 + arrayExists((x, p) -> p > 0 AND x - p <= 345600003, sequence, c2) + arrayExists((x, p) -> bitAnd(x, 3) = 2 AND p > 0 AND x - p <= 345600003, sequence, b3))) AS level FROM (
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
) WHERE level > 0
)
