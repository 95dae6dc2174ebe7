"""The tables of every package, as one linear set of numbered steps."""
