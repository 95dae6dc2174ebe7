SELECT recency_score, frequency_score, monetary_score, count(), sum(monetary), sum(spent), sum(recency), sum(frequency), any(recency_cuts), any(frequency_cuts), any(monetary_cuts)
FROM (
SELECT *, 5 - ((recency > recency_cuts[1]) + (recency > recency_cuts[2]) + (recency > recency_cuts[3]) + (recency > recency_cuts[4])) AS recency_score, 1 + (frequency > frequency_cuts[1]) + (frequency > frequency_cuts[2]) + (frequency > frequency_cuts[3]) + (frequency > frequency_cuts[4]) AS frequency_score, 1 + (monetary >= monetary_cuts[1]) AS monetary_score
FROM (
SELECT recency, frequency, monetary, spent, recency_cuts, frequency_cuts, monetary_cuts
FROM (
SELECT groupArray(recency) AS all_recency,
    groupArray(frequency) AS all_frequency,
    groupArray(monetary) AS all_monetary,
    groupArray(spent) AS all_spent,
    quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(recency) AS recency_cuts,
    quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(frequency) AS frequency_cuts,
    CAST([toFloat64(100.0)] AS Array(Float64)) AS monetary_cuts
FROM (
SELECT person, toInt32(toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai') - toDate(max(time), 'Asia/Shanghai')) AS recency, toUInt32(uniqExact(toDate(time, 'Asia/Shanghai'))) AS frequency, round(ifNull(sum(revenue), 0), 6) AS monetary, round(ifNull(sum(revenue), 0), 6) AS spent
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    CAST(e.properties.`$revenue` AS Nullable(Float64)) AS revenue
FROM events AS e
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-01-02') AND e.time >= fromUnixTimestamp64Milli(1704211200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
)
ARRAY JOIN all_recency AS recency, all_frequency AS frequency, all_monetary AS monetary, all_spent AS spent
)
)
GROUP BY recency_score, frequency_score, monetary_score
ORDER BY recency_score, frequency_score, monetary_score
