SELECT 0 AS series, 0 AS span, grouping(bucket) AS is_total, '', '', '', bucket, toNullable(toFloat64(countIf(counted))) AS value
FROM (
SELECT person AS once, true AS counted, min(bucket) AS bucket FROM (
SELECT
    intDiv((toUnixTimestamp64Milli(e.time) + timezoneOffset(toTimeZone(e.time, 'Asia/Shanghai')) * 1000), 3600000) * 3600000 - timezoneOffset(toTimeZone(e.time, 'Asia/Shanghai')) * 1000 AS bucket,
    e.person_id AS person
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY once, counted
)
GROUP BY GROUPING SETS ((bucket), ())
