SELECT 0 AS series, 0 AS span, grouping(bucket) AS is_total, '', '', '', bucket, toNullable(toFloat64(uniqExact(person))) AS value
FROM (
SELECT
    toInt64(toDate(e.time, 'Asia/Shanghai')) AS bucket,
    coalesce(o.override_person, e.person_id) AS person
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
GROUP BY GROUPING SETS ((bucket), ())
