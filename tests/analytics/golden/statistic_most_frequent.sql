SELECT person, argMax(given, (times, latest)) AS value
FROM (
SELECT person, given, count() AS times, max((time, event_id)) AS latest
FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    e.time AS time,
    e.event_id AS event_id,
    assumeNotNull(toString(e.properties.`$product_id`)) AS given
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE e.event IN ('buy')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
    AND coalesce(o.override_person, e.person_id) IN (SELECT 1)
    AND ifNull(e.properties.`$product_id` != '', false)
)
GROUP BY person, given
)
GROUP BY person
