SELECT step - 1 AS step, before, value, count() AS people
FROM (
SELECT person, step, held[step] AS before, held[step + 1] AS value
FROM (
SELECT person, [maxIf(value, at = 0), maxIf(value, at = 1)] AS held
FROM (
SELECT person, value, 0 AS at FROM (
SELECT person, value FROM a
)
UNION ALL
SELECT person, value, 1 AS at FROM (
SELECT person, value FROM b
)
)
GROUP BY person
)
ARRAY JOIN range(1, 2) AS step
WHERE before != '' OR value != ''
)
GROUP BY step, before, value
ORDER BY step, before, value
