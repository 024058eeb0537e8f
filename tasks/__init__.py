"""Background jobs: thin wrappers around operations, one line of work each."""
