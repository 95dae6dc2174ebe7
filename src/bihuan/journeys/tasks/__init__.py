"""Tasks that journeys make for members."""
