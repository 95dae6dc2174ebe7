SELECT person, multiIf(away >= 90, 'lost', away >= 30, 'dormant', activity >= 10, 'mature', activity >= 3 OR age >= 30, 'growing', 'onboarding') AS value
FROM (
SELECT person, f1 AS times, toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai') - toDate(f2, 'Asia/Shanghai') AS age, toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai') - toDate(f3, 'Asia/Shanghai') AS away, round(toFloat64(ifNull(f0, 0)), 6) AS activity
FROM (
SELECT person,
    sumIf(c3, c2) AS f0,
    countIf(c4) AS f1,
    minIf(time, c4) AS f2,
    maxIf(time, c4) AS f3
FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    e.time AS time,
    (e.event IN ('buy') AND e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c2,
    e.properties.`$revenue` AS c3,
    (e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c4
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE coalesce(o.override_person, e.person_id) IN (SELECT 1)
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
    AND (c2 OR c4)
)
GROUP BY person
)
)
WHERE times > 0
