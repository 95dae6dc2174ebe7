"""Who is who: the link log, its resolution, and the persons of events."""
