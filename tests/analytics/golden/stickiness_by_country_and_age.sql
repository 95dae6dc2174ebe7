WITH (SELECT groupArray(b0) FROM (SELECT b0 FROM (
SELECT
    e.person_id AS person,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY b0 ORDER BY uniqExact(person) DESC, b0 LIMIT 2)) AS top0
SELECT span, units, count() AS people, k0, k1
FROM (
SELECT 0 AS span, bitCount(active) AS units, k0, k1 FROM (
SELECT
    person,
    k0,
    k1,
    groupBitOr(if(true, bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS active
FROM (
SELECT if(has(top0, b0), b0, 'o') AS k0, b1 AS k1, * FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 86400000)) AS unit,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1,
    e.time AS time
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
)
GROUP BY person, k0, k1
)
)
WHERE units > 0 GROUP BY span, units, k0, k1
