SELECT arrayCount(bound -> bound <= number, bounds) AS range, countIf(ins = 1), countIf(outs = 1), any(bounds), any(mean_ins), any(median_ins), any(mean_outs), any(median_outs)
FROM (
SELECT number, ins, outs, bounds, mean_ins, median_ins, mean_outs, median_outs
FROM (
SELECT groupArray(number) AS all_number,
    groupArray(ins) AS all_ins,
    groupArray(outs) AS all_outs,
    arrayDistinct(quantilesExactInclusive(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)(number)) AS bounds,
    avgIf(number, ins = 1) AS mean_ins,
    quantileExactInclusiveIf(0.5)(number, ins = 1) AS median_ins,
    avgIf(number, outs = 1) AS mean_outs,
    quantileExactInclusiveIf(0.5)(number, outs = 1) AS median_outs
FROM (
SELECT toFloat64(assumeNotNull(given)) AS number, toUInt8(ifNull(inside, false)) AS ins, toUInt8(ifNull(outside, false)) AS outs
FROM (
SELECT number AS given, person IN (SELECT 1 AS person) AS inside, true AS outside
FROM (
SELECT p.person_id AS person, ifNull(p.properties.`age`.:Float64, if(isFinite(toFloat64OrNull(p.properties.`age`.:String)), toFloat64OrNull(p.properties.`age`.:String), NULL)) AS number
FROM profiles AS p FINAL WHERE NOT p.deleted
)
)
WHERE isNotNull(given) AND (inside OR outside)
)
)
ARRAY JOIN all_number AS number, all_ins AS ins, all_outs AS outs
)
GROUP BY range
ORDER BY range
