"""A campaign under way: people fixed and split, messages handed over, pause and end."""
