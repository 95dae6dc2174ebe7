WITH (SELECT groupArray(key) FROM (SELECT toString(key) AS key FROM (
SELECT
    ifNull(concat('v', e.properties.`$path`), 'n') AS key
FROM events AS e
WHERE toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704036600000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-02') AND e.time < fromUnixTimestamp64Milli(1704211200000, 'UTC')
) GROUP BY key ORDER BY count() DESC, key LIMIT 1048574)) AS names
SELECT DISTINCT person FROM (
SELECT person, bucket, depth, first_key, if(entry_code > length(names), 'o', names[entry_code]) AS entry, if(exit_code > length(names), 'o', names[exit_code]) AS exit
FROM (
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
)
)
WHERE depth = 1 AND if(entry IN (SELECT entry FROM (
SELECT person, bucket, depth, first_key, if(entry_code > length(names), 'o', names[entry_code]) AS entry, if(exit_code > length(names), 'o', names[exit_code]) AS exit
FROM (
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
)
) GROUP BY entry ORDER BY count() DESC, entry LIMIT 10), entry, 'o') = 'v/'
