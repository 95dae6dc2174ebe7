SELECT person, multiIf(score < 25, 'low', score < 50, 'medium', score < 75, 'high', 'core') AS value
FROM (
SELECT person, toInt32(floor(arraySum(points) + 0.5)) AS score, points, figures, caps
FROM (
SELECT person, [38.888888888888886 * if(caps[1] > 0, least(figure_0 / caps[1], 1), 0), 22.22222222222222 * if(caps[2] > 0, least(figure_1 / caps[2], 1), 0), 22.22222222222222 * if(caps[3] > 0, least(figure_2 / caps[3], 1), 0), 16.666666666666668 * if(caps[4] > 0, least(figure_3 / caps[4], 1), 0)] AS points, [figure_0, figure_1, figure_2, figure_3] AS figures, caps
FROM (
SELECT person, figure_0, figure_1, figure_2, figure_3, caps
FROM (
SELECT groupArray(person) AS all_person,
    groupArray(figure_0) AS all_figure_0,
    groupArray(figure_1) AS all_figure_1,
    groupArray(figure_2) AS all_figure_2,
    groupArray(figure_3) AS all_figure_3,
    [if(countIf(figure_0 > 0) = 0, 0, quantileExactInclusiveIf(0.95)(figure_0, figure_0 > 0)), if(countIf(figure_1 > 0) = 0, 0, quantileExactInclusiveIf(0.95)(figure_1, figure_1 > 0)), if(countIf(figure_2 > 0) = 0, 0, quantileExactInclusiveIf(0.95)(figure_2, figure_2 > 0)), if(countIf(figure_3 > 0) = 0, 0, quantileExactInclusiveIf(0.95)(figure_3, figure_3 > 0))] AS caps
FROM (
SELECT person, greatest(round(toFloat64(ifNull(f0, 0)), 6), 0) AS figure_0, greatest(round(toFloat64(ifNull(f1, 0)), 6), 0) AS figure_1, greatest(round(toFloat64(ifNull(f2, 0)), 6), 0) AS figure_2, greatest(round(toFloat64(ifNull(f3, 0)), 6), 0) AS figure_3
FROM (
SELECT person,
    uniqExactIf(c3, c2) AS f0,
    countIf(c2) AS f1,
    uniqExactIf(c4, c2 AND isNotNull(c4)) AS f2,
    countIf(c5) AS f3
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    (e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c2,
    toInt32(toDate(e.time, 'Asia/Shanghai')) AS c3,
    toNullable(toString(e.event)) AS c4,
    (e.event IN ('buy') AND e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c5
FROM events AS e
WHERE toDate(e.time) >= toDate('2024-12-02') AND e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
)
)
ARRAY JOIN all_person AS person, all_figure_0 AS figure_0, all_figure_1 AS figure_1, all_figure_2 AS figure_2, all_figure_3 AS figure_3
)
)
)
