"""Personal data: which properties are, and hiding them from callers who may not see them."""
