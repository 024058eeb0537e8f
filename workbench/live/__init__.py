"""Server-sent events of live workshops: Redis in, listeners out; no database. Its own small process."""
