SELECT 0 AS series, 0 AS span, grouping(bucket) AS is_total, '', '', '', bucket, toNullable(toFloat64(count())) AS value
FROM (
SELECT
    toInt64(toDate(e.time, 'Asia/Shanghai')) AS bucket
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
GROUP BY GROUPING SETS ((bucket), ())
