"""Ready campaigns of the field, to begin with."""
