WITH (SELECT arrayPushBack(groupArray(b), 'o') FROM (SELECT b FROM (
SELECT b FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    if(isNull(e.properties.`$utm_source`), 'n', concat('v', assumeNotNull(toString(e.properties.`$utm_source`)))) AS b
FROM events AS e
WHERE e.event IN ('cart', 'pay', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-09') AND e.time < fromUnixTimestamp64Milli(1715270400000, 'UTC')
) WHERE (s0 OR s1 OR s2)
) GROUP BY b ORDER BY count() DESC, b LIMIT 10)) AS top
SELECT grouping(code) AS is_overall, top[code] AS key, 1 AS is_total, toInt64(0) AS bucket, [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)] AS reached, [] AS optional, [] AS times
FROM (
SELECT person, if(touch = 0, toUInt16(transform('n', top, range(1, length(top) + 1), length(top))), toUInt16(bitAnd(touch, 1023))) AS code, level FROM (
SELECT person, minIf(bitOr(bitShiftLeft(toUInt64(ms), 10), code), (s0 OR s1 OR s2)) AS touch, windowFunnel(86400000)(toUInt64(ms), s0 AND ms < 1715184000000, s1, s2) AS level FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('cart') AS s1,
    e.event IN ('pay') AS s2,
    if(isNull(e.properties.`$utm_source`), 'n', concat('v', assumeNotNull(toString(e.properties.`$utm_source`)))) AS b,
    toUInt16(transform(b, top, range(1, length(top) + 1), length(top))) AS code
FROM events AS e
WHERE e.event IN ('cart', 'pay', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-09') AND e.time < fromUnixTimestamp64Milli(1715270400000, 'UTC')
) GROUP BY person
) WHERE level > 0
) GROUP BY GROUPING SETS ((code), ())
