SELECT span, units, count() AS people
FROM (
SELECT arrayJoin([(0, bitCount(bitAnd(active, toUInt64('2047')))), (1, bitCount(bitAnd(active, toUInt64('522240'))))]) AS pair, pair.1 AS span, pair.2 AS units FROM (
SELECT
    person,
    groupBitOr(if(true, bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS active
FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1732032000000, 86400000)) AS unit,
    e.time AS time
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-11-19') AND e.time >= fromUnixTimestamp64Milli(1732032000000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
    AND e.person_id < 1844674407370955000
)
GROUP BY person
)
)
WHERE units > 0 GROUP BY span, units
