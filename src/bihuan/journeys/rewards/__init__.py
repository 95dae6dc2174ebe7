"""Rewards that journeys give: written into the log, and told to a points system where there is one."""
