SELECT 0 AS series, 0 AS span, grouping(bucket) AS is_total, '', '', '', bucket, toNullable(toFloat64(count())) AS value
FROM (
SELECT person, toInt64(toStartOfMonth(toDate(first_time, 'Asia/Shanghai'))) AS bucket FROM (
SELECT person, min(time) AS first_time FROM (
SELECT
    e.time AS time,
    e.event_id AS event_id,
    e.person_id AS person
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
    AND NOT (e.person_id IN (SELECT p.person_id FROM profiles AS p FINAL WHERE NOT p.deleted AND (ifNull(p.properties.`city`.:String IN ('上海'), false))))
    AND e.person_id < 4611686018427387500
) GROUP BY person
) WHERE toUnixTimestamp64Milli(first_time) >= 1733068800000
)
GROUP BY GROUPING SETS ((bucket), ())
