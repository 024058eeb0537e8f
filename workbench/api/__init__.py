"""/api/v1: thin, over the same queries as the pages."""
