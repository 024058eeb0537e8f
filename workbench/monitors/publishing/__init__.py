"""A monitor for residents: what the clerk ticks of it, as it was on that day, open to everyone until it is revoked."""
