SELECT * FROM (
SELECT toInt32(-2) AS factor, '' AS name, countIf(converted) AS converted_people, countIf(NOT converted) AS other_people FROM (
SELECT person, level = 2 AS converted FROM (
SELECT person, 0 AS code, level FROM (
SELECT person, level FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3) = 0 AND b2[1] < 6862118400000) * (1 + arrayExists((x, p) -> bitAnd(x, 3) = 1 AND bitAnd(p, 3) = 0 AND x - p <= 4838400003, sequence, b2))) AS level FROM (
SELECT *, arrayReverseFill(x -> bitAnd(x, 3) = 0 AND x < 6862118400000, sequence) AS b2 FROM (
SELECT *, arrayCompact(x -> if(bitAnd(x, 3) = 0 AND x < 6862118400000, 0, x), events) AS sequence FROM (
SELECT person, arrayReverseSort(groupArray(item)) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('buy') AS s1,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 2), transform(e.event, ['view', 'buy'], [0, 1], 2)) AS item
FROM events AS e
WHERE e.event IN ('buy', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-26') AND e.time < fromUnixTimestamp64Milli(1716739200000, 'UTC')
) GROUP BY person
)
)
)
)
) WHERE level > 0
)
)
)
UNION ALL
SELECT * FROM (
SELECT factor, name, countIf(converted) AS converted_people, countIf(NOT converted) AS other_people FROM (
SELECT DISTINCT did.person AS person, toInt32(-1) AS factor, event_name AS name FROM (
SELECT
    e.person_id AS person,
    toString(e.event) AS event_name,
    toUnixTimestamp64Milli(e.time) AS ms
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-26') AND e.time < fromUnixTimestamp64Milli(1716739200000, 'UTC')
    AND e.event NOT IN ('buy', 'view')
) AS did INNER JOIN (
SELECT person, min(ms) AS entry_ms FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms
FROM events AS e
WHERE e.event IN ('view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-12') AND e.time < fromUnixTimestamp64Milli(1715529600000, 'UTC')
) GROUP BY person
) AS entry ON entry.person = did.person WHERE did.ms >= entry_ms AND did.ms <= entry_ms + 1209600000
) AS factors INNER JOIN (
SELECT person, level = 2 AS converted FROM (
SELECT person, 0 AS code, level FROM (
SELECT person, level FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3) = 0 AND b2[1] < 6862118400000) * (1 + arrayExists((x, p) -> bitAnd(x, 3) = 1 AND bitAnd(p, 3) = 0 AND x - p <= 4838400003, sequence, b2))) AS level FROM (
SELECT *, arrayReverseFill(x -> bitAnd(x, 3) = 0 AND x < 6862118400000, sequence) AS b2 FROM (
SELECT *, arrayCompact(x -> if(bitAnd(x, 3) = 0 AND x < 6862118400000, 0, x), events) AS sequence FROM (
SELECT person, arrayReverseSort(groupArray(item)) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('buy') AS s1,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 2), transform(e.event, ['view', 'buy'], [0, 1], 2)) AS item
FROM events AS e
WHERE e.event IN ('buy', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-26') AND e.time < fromUnixTimestamp64Milli(1716739200000, 'UTC')
) GROUP BY person
)
)
)
)
) WHERE level > 0
)
) AS people ON people.person = factors.person GROUP BY factor, name HAVING count() >= 10 ORDER BY count() DESC, factor, name LIMIT 1000
)
UNION ALL
SELECT * FROM (
SELECT factor, name, countIf(converted) AS converted_people, countIf(NOT converted) AS other_people FROM (
SELECT person, found.1 AS factor, found.2 AS name FROM (
SELECT person, arrayJoin([(toInt32(0), argMin(p0, (ms, p0)))]) AS found FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    ifNull(concat('v', profile.view_0), 'n') AS p0
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, multiIf(isNotNull(p.properties.`plan`.:String), p.properties.`plan`.:String, isNotNull(p.properties.`plan`.:Float64), toString(p.properties.`plan`.:Float64), toString(p.properties.`plan`.:Bool)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE e.event IN ('view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-12') AND e.time < fromUnixTimestamp64Milli(1715529600000, 'UTC')
) GROUP BY person
)
) AS factors INNER JOIN (
SELECT person, level = 2 AS converted FROM (
SELECT person, 0 AS code, level FROM (
SELECT person, level FROM (
SELECT *, toUInt8((bitAnd(b2[1], 3) = 0 AND b2[1] < 6862118400000) * (1 + arrayExists((x, p) -> bitAnd(x, 3) = 1 AND bitAnd(p, 3) = 0 AND x - p <= 4838400003, sequence, b2))) AS level FROM (
SELECT *, arrayReverseFill(x -> bitAnd(x, 3) = 0 AND x < 6862118400000, sequence) AS b2 FROM (
SELECT *, arrayCompact(x -> if(bitAnd(x, 3) = 0 AND x < 6862118400000, 0, x), events) AS sequence FROM (
SELECT person, arrayReverseSort(groupArray(item)) AS events FROM (
SELECT
    e.person_id AS person,
    toUnixTimestamp64Milli(e.time) AS ms,
    e.event IN ('view') AS s0,
    e.event IN ('buy') AS s1,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 2), transform(e.event, ['view', 'buy'], [0, 1], 2)) AS item
FROM events AS e
WHERE e.event IN ('buy', 'view')
    AND toDate(e.time) >= toDate('2024-05-05') AND e.time >= fromUnixTimestamp64Milli(1714924800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-05-26') AND e.time < fromUnixTimestamp64Milli(1716739200000, 'UTC')
) GROUP BY person
)
)
)
)
) WHERE level > 0
)
) AS people ON people.person = factors.person GROUP BY factor, name HAVING count() >= 10 ORDER BY count() DESC, factor, name LIMIT 1000
)
