WITH (SELECT groupArray(b0) FROM (SELECT b0 FROM (
SELECT
    toInt64(toDate(e.time, 'Asia/Shanghai')) AS bucket,
    ifNull(concat('v', e.properties.`$category`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1,
    e.person_id AS person,
    e.properties.`$revenue` AS number
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY b0 ORDER BY ifNull(sum(number), 0) DESC, b0 LIMIT 3)) AS top0
SELECT DISTINCT person FROM (
SELECT if(has(top0, b0), b0, 'o') AS k0, b1 AS k1, * FROM (
SELECT
    toInt64(toDate(e.time, 'Asia/Shanghai')) AS bucket,
    ifNull(concat('v', e.properties.`$category`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1,
    e.person_id AS person,
    e.properties.`$revenue` AS number
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
)
WHERE isNotNull(number) AND bucket = 20060 AND k0 = 'o' AND k1 = 'v18 – 35'
