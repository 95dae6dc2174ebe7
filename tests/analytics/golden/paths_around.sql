WITH (SELECT groupArray(key) FROM (SELECT toString(key) AS key FROM (
SELECT
    multiIf(e.event IN ('buy'), ifNull(multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), 'buy'), true, multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), NULL) AS key
FROM events AS e
WHERE isNotNull(key)
    AND toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704036600000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-02') AND e.time < fromUnixTimestamp64Milli(1704211200000, 'UTC')
) GROUP BY key ORDER BY count() DESC, key LIMIT 1048574)) AS names
SELECT side, distance, grouping(following) + grouping(node) AS level, node, following, sum(paths), groupBitmapMerge(people)
FROM (
SELECT side, distance, if(a_rank <= 10, a, 'o') AS node, if(b_rank <= 10 OR NOT startsWith(b, 'v'), b, 'o') AS following, paths, people
FROM (
SELECT *, dense_rank() OVER (PARTITION BY side, distance ORDER BY startsWith(a, 'v') DESC, a_paths DESC, a) AS a_rank, dense_rank() OVER (PARTITION BY side, distance ORDER BY startsWith(b, 'v') DESC, b_paths DESC, b) AS b_rank FROM (
SELECT *, sum(paths) OVER (PARTITION BY side, distance, a) AS a_paths, sum(paths) OVER (PARTITION BY side, distance, b) AS b_paths FROM (
SELECT *, bitShiftRight(element, 48) AS side, bitAnd(bitShiftRight(element, 40), 255) AS distance, if(bitAnd(bitShiftRight(element, 20), 1048575) > length(names), 'o', concat('v', names[bitAnd(bitShiftRight(element, 20), 1048575)])) AS a, multiIf(bitAnd(element, 1048575) = 0, '', distance = 3, '>', if(bitAnd(element, 1048575) > length(names), 'o', concat('v', names[bitAnd(element, 1048575)]))) AS b
FROM (
SELECT element, count() AS paths, groupBitmapState(number) AS people
FROM (SELECT person, number, arrayJoin(elements) AS element FROM (
SELECT person, number, arrayConcat(arraySlice(arrayMap((a, b, i) -> bitOr(bitShiftLeft(toUInt64((i - 1)), 40), bitOr(bitShiftLeft(toUInt64(bitOr(a, 1048575 * (a > 1000))), 20), least(bitOr(b, 1048575 * (b > 1000)), if((i - 1) < 3, 1048575, 1)))), way0, arrayPushBack(arrayPopFront(way0), toUInt64(0)), arrayEnumerate(way0)), 1, 4), arraySlice(arrayMap((a, b, i) -> bitOr(bitShiftLeft(toUInt64((i - 1)), 40), bitOr(bitShiftLeft(toUInt64(bitOr(a, 1048575 * (a > 1000))), 20), least(bitOr(b, 1048575 * (b > 1000)), if((i - 1) < 3, 1048575, 1)))) + 281474976710656, way1, arrayPushBack(arrayPopFront(way1), toUInt64(0)), arrayEnumerate(way1)), 1, 4)) AS elements FROM (
SELECT person, number, arraySlice(arrayCompact(arrayFilter(x -> x > 0, arrayMap(x -> bitAnd(bitShiftRight(x, 1), 1048575), arraySlice(scope, at)))), 1, 5) AS way0, arraySlice(arrayCompact(arrayFilter(x -> x > 0, arrayMap(x -> bitAnd(bitShiftRight(x, 1), 1048575), arrayReverse(arraySlice(scope, 1, at))))), 1, 5) AS way1 FROM (
SELECT person, number, scope, arrayFirstIndex(x -> bitTest(x, 0), scope) AS at FROM (
SELECT person, number, arrayJoin(arraySplit((x, pause) -> pause > 1800000, items, arrayDifference(arrayMap(x -> toInt64(bitShiftRight(x, 21)), items)))) AS scope FROM (
SELECT person, toUInt32(rowNumberInAllBlocks()) AS number, items FROM (
SELECT person, arraySort(groupArray(event)) AS items FROM (
SELECT
    e.person_id AS person,
    bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), 21), bitShiftLeft(toUInt64(if(isNull(multiIf(e.event IN ('buy'), ifNull(multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), 'buy'), true, multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), NULL)), 0, transform(multiIf(e.event IN ('buy'), ifNull(multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), 'buy'), true, multiIf(match(e.properties.`$path`, '(?s)^/p/.*\\z'), 'product', e.properties.`$path`), NULL), names, range(1, length(names) + 1), 1048575))), 1) + toUInt64(e.event IN ('buy'))) AS event
FROM events AS e
WHERE toDate(e.time) >= toDate('2023-12-31') AND e.time >= fromUnixTimestamp64Milli(1704036600000, 'UTC')
    AND toDate(e.time) <= toDate('2024-01-02') AND e.time < fromUnixTimestamp64Milli(1704211200000, 'UTC')
) GROUP BY person HAVING arrayExists(x -> bitTest(x, 0), items))
))
WHERE (toInt64(bitShiftRight(scope[1], 21)) >= 1704038400000 AND toInt64(bitShiftRight(scope[1], 21)) < 1704124800000)
) WHERE at > 0)
))
WHERE true GROUP BY element
)
)
)
)
)
GROUP BY GROUPING SETS ((side, distance, node, following), (side, distance, node), (side, distance))
