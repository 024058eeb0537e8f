"""How stories come in and are made safe: ways in, taking out who somebody is, a second look, and the council's settings."""
