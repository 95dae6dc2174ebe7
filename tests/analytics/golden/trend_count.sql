SELECT 0 AS series, 0 AS span, grouping(bucket) AS is_total, '', '', '', bucket, toNullable(toFloat64(ifNull(sum(figure), 0))) AS value
FROM (
SELECT toInt64(toDate(toDateTime64(toStartOfFifteenMinutes(time), 3, 'UTC'), 'Asia/Shanghai')) AS bucket, count() AS figure
FROM events
WHERE event IN ('buy') AND toStartOfFifteenMinutes(time) >= toDateTime(1733068800, 'UTC') AND toStartOfFifteenMinutes(time) < toDateTime(1733673600, 'UTC')
GROUP BY bucket
)
GROUP BY GROUPING SETS ((bucket), ())
