WITH (SELECT groupArray(b0) FROM (SELECT b0 FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), 'n', ['v< 10', 'v≥ 10'][arrayCount(b -> b <= assumeNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), [toFloat64(10.0)]) + 1]) AS b1
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY b0 ORDER BY uniqExact(person) DESC, b0 LIMIT 2)) AS top0
SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), quantilesExactInclusive(0.25, 0.5, 0.75, 0.9)(value), sumMap([toUInt32(arrayCount(b -> b <= value, [1, 2, 3, 4, 5, 6, 11, 21, 51]))], [toUInt64(1)]), k0, k1
FROM (
SELECT person, k0, k1, grouping(bucket) AS whole, bucket, toFloat64(count()) AS value
FROM (
SELECT if(has(top0, b0), b0, 'o') AS k0, b1 AS k1, * FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), 'n', ['v< 10', 'v≥ 10'][arrayCount(b -> b <= assumeNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), [toFloat64(10.0)]) + 1]) AS b1,
    toInt64(toDate(e.time, 'Asia/Shanghai')) AS bucket
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
)
GROUP BY GROUPING SETS ((person, k0, k1, bucket), (person, k0, k1))
)
GROUP BY whole, bucket, k0, k1
