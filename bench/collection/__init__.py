"""Collection over HTTP: a real server process, a load generator in another, and the engine alone."""
