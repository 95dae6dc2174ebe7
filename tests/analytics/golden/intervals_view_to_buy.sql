SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), quantilesExactInclusive(0.1, 0.25, 0.5, 0.75, 0.9)(value), sumMap([toUInt32(arrayCount(b -> b <= value, [toFloat64(60.0), toFloat64(300.0), toFloat64(900.0), toFloat64(3600.0), toFloat64(21600.0), toFloat64(86400.0), toFloat64(259200.0), toFloat64(604800.0), toFloat64(1209600.0), toFloat64(2592000.0)]))], [toUInt64(1)])
FROM (
SELECT person, arrayJoin([0, 1]) AS whole, if(whole = 1, 0, toInt64(toDate(start_time, 'Asia/Shanghai'))) AS bucket, (toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000 AS value
FROM (
SELECT person, maxIf(time, role = 0) AS start_time, maxIf(time, role = 1) AS end_time
FROM (
SELECT person, time, ends - role AS stretch, role
FROM (
SELECT person, time, is_start, is_end, toInt64(sum(toUInt8(is_end)) OVER (PARTITION BY person ORDER BY time, event_id ROWS UNBOUNDED PRECEDING)) AS ends
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    e.event_id AS event_id,
    e.event IN ('view') AS is_start,
    e.event IN ('buy') AS is_end
FROM events AS e
WHERE e.event IN ('buy', 'view')
    AND toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
)
ARRAY JOIN arrayConcat(if(is_start, [0], []), if(is_end, [1], [])) AS role
)
GROUP BY person, stretch
HAVING countIf(role = 0) > 0 AND countIf(role = 1) > 0
)
)
GROUP BY whole, bucket
