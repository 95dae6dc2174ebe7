SELECT if(rank <= 11, key, 'o') AS name, sum(ins), sum(outs)
FROM (
SELECT key, ins, outs, row_number() OVER (ORDER BY key != '', share DESC, key) AS rank
FROM (
SELECT key, ins, outs, greatest(ins / greatest(max(ins) OVER (), 1), outs / greatest(max(outs) OVER (), 1)) AS share
FROM (
SELECT key, countIf(inside) AS ins, countIf(outside) AS outs
FROM (
SELECT person IN (SELECT 1 AS person) AS inside, (NOT inside AND person IN (SELECT 2 AS person)) AS outside, arrayJoin(arrayPushFront(arrayMap(key -> concat('v', key), arrayDistinct(keys)), '')) AS key
FROM (
SELECT person, [argMax(given, (time, event_id))] AS keys
FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    e.time AS time,
    e.event_id AS event_id,
    assumeNotNull(toString(e.properties.`$city`)) AS given
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
    AND isNotNull(e.properties.`$city`)
)
GROUP BY person
)
WHERE notEmpty(keys) AND (inside OR outside)
)
GROUP BY key
)
)
)
GROUP BY name
ORDER BY min(rank)
