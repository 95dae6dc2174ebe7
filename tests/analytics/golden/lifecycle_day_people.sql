SELECT person FROM (
SELECT
    person,
    groupBitOr(if(time >= fromUnixTimestamp64Milli(1732982400000, 'UTC'), bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS active,
    min(toInt32(multiIf(time < fromUnixTimestamp64Milli(1732982400000, 'UTC'), -1, unit))) AS active_first
FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1732982400000, 86400000)) AS unit,
    e.time AS time
FROM events AS e
WHERE toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
GROUP BY person
)
WHERE bitAnd(bitAnd(bitAnd(active, bitNot(bitAnd(bitShiftLeft(active, 1), toUInt64('255')))), bitNot(if(active_first BETWEEN 0 AND 7, bitShiftLeft(toUInt64(1), toUInt16(greatest(active_first, 0))), toUInt64(0)))), toUInt64('16')) != 0
