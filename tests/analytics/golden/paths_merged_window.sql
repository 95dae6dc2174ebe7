WITH (SELECT groupArray(key) FROM (SELECT toString(key) AS key FROM (
SELECT
    e.event AS key,
    count() AS events
FROM events AS e
WHERE toStartOfFifteenMinutes(e.time) >= fromUnixTimestamp64Milli(1704038400000, 'UTC') AND toStartOfFifteenMinutes(e.time) < fromUnixTimestamp64Milli(1704128400000, 'UTC')
GROUP BY key
) GROUP BY key ORDER BY sum(events) DESC, key LIMIT 1048574)) AS names
SELECT side, distance, grouping(following) + grouping(node) AS level, node, following, sum(paths), groupBitmapMerge(people)
FROM (
SELECT side, distance, if(a_rank <= 10, a, 'o') AS node, if(b_rank <= 10 OR NOT startsWith(b, 'v'), b, 'o') AS following, paths, people
FROM (
SELECT *, dense_rank() OVER (PARTITION BY side, distance ORDER BY startsWith(a, 'v') DESC, a_paths DESC, a) AS a_rank, dense_rank() OVER (PARTITION BY side, distance ORDER BY startsWith(b, 'v') DESC, b_paths DESC, b) AS b_rank FROM (
SELECT *, sum(paths) OVER (PARTITION BY side, distance, a) AS a_paths, sum(paths) OVER (PARTITION BY side, distance, b) AS b_paths FROM (
SELECT *, bitShiftRight(element, 48) AS side, bitAnd(bitShiftRight(element, 40), 255) AS distance, if(bitAnd(bitShiftRight(element, 20), 1048575) > length(names), 'o', concat('v', names[bitAnd(bitShiftRight(element, 20), 1048575)])) AS a, multiIf(bitAnd(element, 1048575) = 0, '', distance = 5, '>', if(bitAnd(element, 1048575) > length(names), 'o', concat('v', names[bitAnd(element, 1048575)]))) AS b
FROM (
SELECT element, count() AS paths, groupBitmapState(number) AS people
FROM (SELECT person, number, arrayJoin(elements) AS element FROM (
SELECT person, number, arraySlice(arrayMap((a, b, i) -> bitOr(bitShiftLeft(toUInt64((i - 1)), 40), bitOr(bitShiftLeft(toUInt64(bitOr(a, 1048575 * (a > 1000))), 20), least(bitOr(b, 1048575 * (b > 1000)), if((i - 1) < 5, 1048575, 1)))), way0, arrayPushBack(arrayPopFront(way0), toUInt64(0)), arrayEnumerate(way0)), 1, 6) AS elements FROM (
SELECT person, number, arraySlice(arrayCompact(arrayFilter(x -> x > 0, arrayMap(x -> bitAnd(bitShiftRight(x, 1), 1048575), arrayFilter(x -> toInt64(bitShiftRight(x, 21)) <= toInt64(bitShiftRight(scope[at], 21)) + 3600000, arraySlice(scope, at))))), 1, 7) AS way0 FROM (
SELECT person, number, items AS scope, arrayFirstIndex(x -> bitAnd(bitShiftRight(x, 1), 1048575) > 0 AND (toInt64(bitShiftRight(x, 21)) >= 1704038400000 AND toInt64(bitShiftRight(x, 21)) < 1704124800000), items) AS at FROM (
SELECT person, toUInt32(rowNumberInAllBlocks()) AS number, items FROM (
SELECT person, arraySort(groupArray(event)) AS items FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 21), bitShiftLeft(toUInt64(transform(e.event, names, range(1, length(names) + 1), 1048575)), 1) + toUInt64(0)) AS event
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704038400000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-01') AND e.time < fromUnixTimestamp64Milli(1704128400000, 'UTC')
) GROUP BY person)
)
) WHERE at > 0)
))
WHERE true GROUP BY element
)
)
)
)
)
GROUP BY GROUPING SETS ((side, distance, node, following), (side, distance, node), (side, distance))
