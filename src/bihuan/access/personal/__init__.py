"""Personal data, hidden from callers who may not see it."""
