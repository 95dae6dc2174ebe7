WITH (SELECT groupArray(b0) FROM (SELECT b0 FROM (
SELECT
    e.person_id AS person,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE toDate(e.time) >= toDate('2024-12-01') AND e.time >= fromUnixTimestamp64Milli(1733068800000, 'UTC')
    AND toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
) GROUP BY b0 ORDER BY uniqExact(person) DESC, b0 LIMIT 2)) AS top0
SELECT [countIf(bitTest(new, 0)), countIf(bitTest(new, 1)), countIf(bitTest(new, 2)), countIf(bitTest(new, 3)), countIf(bitTest(new, 4)), countIf(bitTest(new, 5)), countIf(bitTest(new, 6)), countIf(bitTest(new, 7))] AS new_people, [countIf(bitTest(returning, 0)), countIf(bitTest(returning, 1)), countIf(bitTest(returning, 2)), countIf(bitTest(returning, 3)), countIf(bitTest(returning, 4)), countIf(bitTest(returning, 5)), countIf(bitTest(returning, 6)), countIf(bitTest(returning, 7))] AS returning_people, [countIf(bitTest(resurrected, 0)), countIf(bitTest(resurrected, 1)), countIf(bitTest(resurrected, 2)), countIf(bitTest(resurrected, 3)), countIf(bitTest(resurrected, 4)), countIf(bitTest(resurrected, 5)), countIf(bitTest(resurrected, 6)), countIf(bitTest(resurrected, 7))] AS resurrected_people, [countIf(bitTest(dormant, 0)), countIf(bitTest(dormant, 1)), countIf(bitTest(dormant, 2)), countIf(bitTest(dormant, 3)), countIf(bitTest(dormant, 4)), countIf(bitTest(dormant, 5)), countIf(bitTest(dormant, 6)), countIf(bitTest(dormant, 7))] AS dormant_people, k0, k1
FROM (
SELECT if(active_first BETWEEN 0 AND 7, bitShiftLeft(toUInt64(1), toUInt16(greatest(active_first, 0))), toUInt64(0)) AS new, bitAnd(active, bitAnd(bitShiftLeft(active, 1), toUInt64('255'))) AS returning, bitAnd(bitAnd(active, bitNot(bitAnd(bitShiftLeft(active, 1), toUInt64('255')))), bitNot(if(active_first BETWEEN 0 AND 7, bitShiftLeft(toUInt64(1), toUInt16(greatest(active_first, 0))), toUInt64(0)))) AS resurrected, bitAnd(bitAnd(bitShiftLeft(active, 1), toUInt64('255')), bitNot(active)) AS dormant, k0, k1
FROM (
SELECT
    person,
    k0,
    k1,
    groupBitOr(if(time >= fromUnixTimestamp64Milli(1732982400000, 'UTC'), bitShiftLeft(toUInt64(1), toUInt16(greatest(unit, 0))), toUInt64(0))) AS active,
    min(toInt32(multiIf(time < fromUnixTimestamp64Milli(1732982400000, 'UTC'), -1, unit))) AS active_first
FROM (
SELECT if(has(top0, b0), b0, 'o') AS k0, b1 AS k1, * FROM (
SELECT
    e.person_id AS person,
    toInt32(intDiv(toUnixTimestamp64Milli(e.time) - 1732982400000, 86400000)) AS unit,
    ifNull(concat('v', e.properties.`$country`), 'n') AS b0,
    if(isNull(profile.view_0), 'n', ['v< 18', 'v18 – 35', 'v≥ 35'][arrayCount(b -> b <= assumeNotNull(profile.view_0), [toFloat64(18.0), toFloat64(35.0)]) + 1]) AS b1,
    e.time AS time
FROM events AS e
LEFT ANY JOIN (SELECT p.person_id, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS view_0 FROM profiles AS p FINAL WHERE NOT p.deleted) AS profile ON profile.person_id = e.person_id
WHERE toDate(e.time) <= toDate('2024-12-08') AND e.time < fromUnixTimestamp64Milli(1733673600000, 'UTC')
)
)
GROUP BY person, k0, k1
)
)
GROUP BY k0, k1
