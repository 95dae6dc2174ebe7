SELECT person, toString(score) AS value
FROM (
SELECT person, toInt32(floor(arraySum(points) + 0.5)) AS score, points, figures, caps
FROM (
SELECT person, [toFloat64(75.0) * if(caps[1] > 0, least(figure_0 / caps[1], 1), 0), toFloat64(25.0) * if(caps[2] > 0, least(figure_1 / caps[2], 1), 0)] AS points, [figure_0, figure_1] AS figures, caps
FROM (
SELECT *, [toFloat64(4.0), toFloat64(2.0)] AS caps
FROM (
SELECT person, greatest(round(toFloat64(ifNull(f0, 0)), 6), 0) AS figure_0, greatest(round(toFloat64(ifNull(f1, 0)), 6), 0) AS figure_1
FROM (
SELECT person,
    uniqExactIf(c3, c2) AS f0,
    countIf(c4) AS f1
FROM (
SELECT
    e.person_id AS person,
    e.time AS time,
    (e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c2,
    toInt32(toDate(e.time, 'Asia/Shanghai')) AS c3,
    (e.event IN ('buy') AND e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')) AS c4
FROM events AS e
WHERE e.person_id IN (SELECT 1)
    AND toDate(e.time) >= toDate('2024-12-02') AND e.time >= fromUnixTimestamp64Milli(1733155200000, 'UTC')
    AND toDate(e.time) <= toDate('2025-01-01') AND e.time < fromUnixTimestamp64Milli(1735700000001, 'UTC')
)
GROUP BY person
)
)
)
)
)
