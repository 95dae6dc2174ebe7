WITH (SELECT groupArray(key) FROM (SELECT toString(key) AS key FROM (
SELECT
    ifNull(concat('v', e.properties.`$path`), 'n') AS key
FROM events AS e
WHERE toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704036600000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-02') AND e.time < fromUnixTimestamp64Milli(1704211200000, 'UTC')
) GROUP BY key ORDER BY count() DESC, key LIMIT 1048574)) AS names
SELECT part, whole, bucket, if(rank <= if(part = 0, 3, 10), key, 'o') AS kept, sum(sessions), groupBitmapMerge(people), sum(events), sum(bounces), sum(milliseconds) / sum(sessions) / 1000, arrayMap(x -> x / 1000, quantilesExactInclusiveMerge(0.5, 0.9)(lengths))
FROM (
SELECT *, dense_rank() OVER (PARTITION BY part ORDER BY weight DESC, key) AS rank FROM (
SELECT *, sum(whole * sessions) OVER (PARTITION BY part, key) AS weight FROM (
SELECT p.1 AS part, p.2 AS whole, p.3 AS bucket, if(part = 0, p.5, if(p.4 > length(names), 'o', names[p.4])) AS key, count() AS sessions, groupBitmapState(number) AS people, sum(depth) AS events, countIf(depth = 1) AS bounces, sum(length_ms) AS milliseconds, quantilesExactInclusiveState(0.5, 0.9)(length_ms) AS lengths
FROM (SELECT *, arrayJoin([(0, 0, bucket, 0, first_key), (0, 1, 0, 0, first_key), (1, 1, 0, entry_code, ''), (2, 1, 0, exit_code, '')]) AS p FROM (
SELECT person, number, toInt64(bitShiftRight(session[1].1, 21)) AS start_ms, toInt64(toDate(fromUnixTimestamp64Milli(start_ms, 'UTC'), 'Asia/Shanghai')) AS bucket, toInt64(bitShiftRight(session[-1].1, 21)) - start_ms AS length_ms, length(session) AS depth, bitAnd(bitShiftRight(session[1].1, 1), 1048575) AS entry_code, bitAnd(bitShiftRight(session[-1].1, 1), 1048575) AS exit_code, session[1].2 AS first_key
FROM (SELECT person, number, arrayJoin(arraySplit((x, pause) -> pause > 1800000, items, arrayDifference(arrayMap(x -> toInt64(bitShiftRight(x.1, 21)), items)))) AS session
FROM (SELECT person, toUInt32(rowNumberInAllBlocks()) AS number, items
FROM (SELECT person, arraySort(groupArray(event)) AS items FROM (
SELECT
    e.person_id AS person,
    (bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 21), bitShiftLeft(toUInt64(transform(ifNull(concat('v', e.properties.`$path`), 'n'), names, range(1, length(names) + 1), 1048575)), 1) + toUInt64(0)), ifNull(concat('v', e.properties.`$channel`), 'n')) AS event
FROM events AS e
WHERE toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704036600000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-02') AND e.time < fromUnixTimestamp64Milli(1704211200000, 'UTC')
) GROUP BY person)))
WHERE start_ms >= 1704038400000 AND start_ms < 1704124800000
))
GROUP BY part, whole, bucket, p.4, p.5
)))
GROUP BY part, whole, bucket, kept
