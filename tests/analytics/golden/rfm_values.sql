SELECT person, ['important_value', 'important_develop', 'important_keep', 'important_win_back', 'general_value', 'general_develop', 'general_keep', 'general_win_back'][1 + 4 * (NOT monetary_high) + 2 * (NOT recency_high) + (NOT frequency_high)] AS value
FROM (
SELECT person, recency_score, frequency_score, monetary_score, recency_score > recency_score_mean AS recency_high, frequency_score > frequency_score_mean AS frequency_high, monetary_score > monetary_score_mean AS monetary_high
FROM (
SELECT person, recency_score, frequency_score, monetary_score, recency_score_mean, frequency_score_mean, monetary_score_mean
FROM (
SELECT groupArray(person) AS all_person,
    groupArray(recency_score) AS all_recency_score,
    groupArray(frequency_score) AS all_frequency_score,
    groupArray(monetary_score) AS all_monetary_score,
    avg(recency_score) AS recency_score_mean,
    avg(frequency_score) AS frequency_score_mean,
    avg(monetary_score) AS monetary_score_mean
FROM (
SELECT person, 5 - ((recency > recency_cuts[1]) + (recency > recency_cuts[2]) + (recency > recency_cuts[3]) + (recency > recency_cuts[4])) AS recency_score, 1 + (frequency > frequency_cuts[1]) + (frequency > frequency_cuts[2]) + (frequency > frequency_cuts[3]) + (frequency > frequency_cuts[4]) AS frequency_score, 1 + (monetary >= monetary_cuts[1]) AS monetary_score
FROM (
SELECT person, recency, frequency, monetary, recency_cuts, frequency_cuts, monetary_cuts
FROM (
SELECT groupArray(person) AS all_person,
    groupArray(recency) AS all_recency,
    groupArray(frequency) AS all_frequency,
    groupArray(monetary) AS all_monetary,
    quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(recency) AS recency_cuts,
    quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(frequency) AS frequency_cuts,
    CAST([toFloat64(100.0)] AS Array(Float64)) AS monetary_cuts
FROM (
SELECT person, toInt32(toDate(fromUnixTimestamp64Milli(1735700000000, 'UTC'), 'Asia/Shanghai') - toDate(max(time), 'Asia/Shanghai')) AS recency, toUInt32(uniqExact(toDate(time, 'Asia/Shanghai'))) AS frequency, round(ifNull(sum(revenue), 0), 6) AS monetary, round(ifNull(sum(revenue), 0), 6) AS spent
FROM (
SELECT
    coalesce(o.override_person, e.person_id) AS person,
    e.time AS time,
    CAST(e.properties.`$revenue` AS Nullable(Float64)) AS revenue
FROM events AS e
LEFT ANY JOIN (SELECT distinct_key, toNullable(person_id) AS override_person FROM identity_overrides FINAL WHERE pending) AS o ON o.distinct_key = e.distinct_key
WHERE e.event IN ('buy')
    AND toDate(e.time) >= toDate('2024-01-02') AND e.time >= fromUnixTimestamp64Milli(1704211200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
)
ARRAY JOIN all_person AS person, all_recency AS recency, all_frequency AS frequency, all_monetary AS monetary
)
)
)
ARRAY JOIN all_person AS person, all_recency_score AS recency_score, all_frequency_score AS frequency_score, all_monetary_score AS monetary_score
)
)
WHERE person IN (SELECT 1)
