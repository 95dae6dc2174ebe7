WITH (SELECT groupArray(b0) FROM (SELECT b0 FROM (
SELECT person, 1 AS whole, 0 AS bucket, (toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000 AS value, b0, b1
FROM (
SELECT person, maxIf(time, role = 0) AS start_time, maxIf(time, role = 1) AS end_time, argMaxIf(b0, (time, event_id), role = 0) AS b0, argMaxIf(b1, (time, event_id), role = 0) AS b1
FROM (
SELECT person, time, ends - role AS stretch, role, event_id, b0, b1
FROM (
SELECT person, time, is_start, is_end, event_id, b0, b1, toInt64(sum(toUInt8(is_end)) OVER (PARTITION BY person ORDER BY time, event_id ROWS UNBOUNDED PRECEDING)) AS ends
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    e.event_id AS event_id,
    e.event IN ('view') AS is_start,
    e.event IN ('buy') AS is_end,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), 'n', ['v< 10', 'v≥ 10'][arrayCount(b -> b <= assumeNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), [toFloat64(10.0)]) + 1]) AS b1
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
) GROUP BY b0 ORDER BY uniqExact(person) DESC, b0 LIMIT 2)) AS top0
SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), quantilesExactInclusive(0.1, 0.25, 0.5, 0.75, 0.9)(value), sumMap([toUInt32(arrayCount(b -> b <= value, [toFloat64(60.0), toFloat64(300.0), toFloat64(900.0), toFloat64(3600.0), toFloat64(21600.0), toFloat64(86400.0), toFloat64(259200.0), toFloat64(604800.0), toFloat64(1209600.0), toFloat64(2592000.0)]))], [toUInt64(1)]), k0, k1
FROM (
SELECT if(has(top0, b0), b0, 'o') AS k0, b1 AS k1, * FROM (
SELECT person, 1 AS whole, 0 AS bucket, (toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000 AS value, b0, b1
FROM (
SELECT person, maxIf(time, role = 0) AS start_time, maxIf(time, role = 1) AS end_time, argMaxIf(b0, (time, event_id), role = 0) AS b0, argMaxIf(b1, (time, event_id), role = 0) AS b1
FROM (
SELECT person, time, ends - role AS stretch, role, event_id, b0, b1
FROM (
SELECT person, time, is_start, is_end, event_id, b0, b1, toInt64(sum(toUInt8(is_end)) OVER (PARTITION BY person ORDER BY time, event_id ROWS UNBOUNDED PRECEDING)) AS ends
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    e.event_id AS event_id,
    e.event IN ('view') AS is_start,
    e.event IN ('buy') AS is_end,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), 'n', ['v< 10', 'v≥ 10'][arrayCount(b -> b <= assumeNotNull(ifNull(e.properties.`amount`.:Float64, if(isFinite(toFloat64OrNull(e.properties.`amount`.:String)), toFloat64OrNull(e.properties.`amount`.:String), NULL))), [toFloat64(10.0)]) + 1]) AS b1
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
)
GROUP BY whole, bucket, k0, k1
