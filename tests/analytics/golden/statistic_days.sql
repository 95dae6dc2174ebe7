SELECT person, multiIf(number < toFloat64(7.0), '< 7', number < toFloat64(30.0), '7 – 30', '≥ 30') AS value
FROM (
SELECT person, toFloat64(toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai') - toDate(max(time), 'Asia/Shanghai')) AS number
FROM (
SELECT
    e.person_id AS person,
    e.time AS time
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-10-03') AND e.time >= fromUnixTimestamp64Milli(1727971200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
