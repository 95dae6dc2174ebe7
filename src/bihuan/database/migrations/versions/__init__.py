"""Steps ``v0001_…`` onwards; each goes up and down on SQLite and on PostgreSQL."""
