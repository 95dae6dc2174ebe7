SELECT item.1 AS kind, item.2 AS days, count() AS people, sum(item.3) AS times
FROM (
SELECT arrayJoin(arrayConcat(arrayMap(gap -> ('ended', toInt32(gap), countEqual(arraySlice(arrayDifference(days), 2), gap)), arrayDistinct(arraySlice(arrayDifference(days), 2))), [('open', toInt32(today - days[-1]), 1), ('active', toInt32(arrayCount(day -> day > today - 30, days)), 1)])) AS item
FROM (
SELECT arraySort(groupUniqArray(toInt32(toDate(time, 'Asia/Shanghai')))) AS days, toInt32(toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai')) AS today
FROM (
SELECT
    e.person_id AS person,
    e.time AS time
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-01-02') AND e.time >= fromUnixTimestamp64Milli(1704211200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
)
GROUP BY kind, days
ORDER BY kind, days
