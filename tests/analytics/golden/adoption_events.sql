SELECT * FROM (
SELECT feature, false AS is_everybody, count() AS people, sum(times) AS events, sum(bitCount(used)) AS units, sum(bitCount(bitAnd(bitAnd(used, bitShiftRight(used, toUInt16(1))), toUInt64('63')))) AS kept, sum(bitCount(bitAnd(used, toUInt64('63')))) AS eligible
FROM (
SELECT feature, person, count() AS times, groupBitOr(if(true, bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS used
FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1733068800000, 86400000)) AS unit,
    toString(e.event) AS feature
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
GROUP BY feature, person
)
GROUP BY feature
ORDER BY people DESC, feature LIMIT 50
)
UNION ALL
SELECT '', true, uniqExact(person), 0, 0, 0, 0 FROM (
SELECT
    e.person_id AS person
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
