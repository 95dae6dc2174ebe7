WITH (SELECT arrayPushBack(groupArray(b), 'o') FROM (SELECT b FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    ifNull(concat('v', e.properties.`$utm_source`), 'n') AS b
FROM events AS e
WHERE e.event IN ('cart', 'pay', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-09') AND e.time < fromUnixTimestamp64Milli(1715270400000, 'UTC')
) GROUP BY b ORDER BY count() DESC, b LIMIT 10)) AS top
SELECT grouping(code) AS is_overall, top[code] AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT person, if(touch = 0, toUInt16(transform('n', top, range(1, length(top) + 1), length(top))), toUInt16(bitAnd(touch, 1023))) AS code, level FROM (
SELECT person, touch, level FROM (
SELECT *, if(touched = 0, toUInt64(0), bitOr(bitShiftLeft(bitShiftRight(touched, 12), 10), if(toInt64(bitShiftRight(events[-2], 12)) = toInt64(bitShiftRight(touched, 12)), arrayMin(x -> if(toInt64(bitShiftRight(x, 12)) = toInt64(bitShiftRight(touched, 12)), bitAnd(x, 1023), 1023), events), bitAnd(touched, 1023)))) AS touch FROM (
SELECT *, events[-1] AS touched FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3072) = 0 AND b2[1] < 7025393664000000) * (1 + arrayExists((x, p) -> p > 0 AND x - p <= 353894404095, sequence, c2) + arrayExists((x, p) -> bitAnd(x, 3072) = 2048 AND p > 0 AND x - p <= 353894404095, sequence, b3))) AS level FROM (
SELECT *, arrayReverseFill(p -> p > 0, c2) AS b3 FROM (
SELECT *, arrayMap((x, p) -> p * (bitAnd(x, 3072) = 1024 AND bitAnd(p, 3072) = 0), sequence, b2) AS c2 FROM (
SELECT *, arrayReverseFill(x -> bitAnd(x, 3072) = 0 AND x < 7025393664000000, sequence) AS b2 FROM (
SELECT *, arrayCompact(x -> if(bitAnd(x, 3072) = 0 AND x < 7025393664000000, 0, x), events) AS sequence FROM (
SELECT person, arrayReverseSort(groupArray(item)) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    ifNull(concat('v', e.properties.`$utm_source`), 'n') AS b,
    toUInt16(transform(b, top, range(1, length(top) + 1), length(top))) AS code,
    bitOr(bitShiftLeft(bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 2), transform(e.event, ['view', 'cart', 'pay'], [0, 1, 2], 3)), 10), code) AS item
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
) WHERE level > 0
) GROUP BY GROUPING SETS ((code), ())
