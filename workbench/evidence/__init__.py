"""Links: which figures show whether a goal comes nearer, and why these."""
