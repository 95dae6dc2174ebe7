SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), quantilesExactInclusive(0.25, 0.5, 0.75, 0.9)(value), sumMap([toUInt32(arrayCount(b -> b <= value, [1, 2, 3, 4, 5, 6, 11, 21, 51]))], [toUInt64(1)])
FROM (
SELECT person, grouping(bucket) AS whole, bucket, toFloat64(sum(number)) AS value
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    assumeNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))) AS number,
    toInt64(toDate(e.time, 'Asia/Shanghai')) - (toDayOfWeek(toDate(e.time, 'Asia/Shanghai')) + 7 - 1) % 7 AS bucket
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
    AND isNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL)))
)
GROUP BY GROUPING SETS ((person, bucket), (person))
)
GROUP BY whole, bucket
