"""Several shared templates beside each other: what they have in common, and what only one of them has."""
