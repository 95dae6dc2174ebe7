"""Collection over HTTP: a real server process, a load generator in another, and what the engine alone takes."""
