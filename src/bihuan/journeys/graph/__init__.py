"""What a journey is: a graph as a frozen value, as YAML, and checked."""
