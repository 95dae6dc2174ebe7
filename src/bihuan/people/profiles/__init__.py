"""Properties of people: logged changes, folded."""
