"""Tags 标签: named values of people, by rules, statistics, models, SQL or by hand."""
